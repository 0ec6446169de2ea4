/** A letter, an appointment, and the seven words that open both: three pages beside the conversation. */
import { find, located } from "../shared/details";
import type { Found } from "../shared/details";
import { Composer } from "../shared/composer";
import { byId, el, fill, joined, showWhen, within } from "../shared/dom";
import { refusalWords } from "../shared/entry_view";
import { parseCode, parseSlots, parseView } from "../shared/parsers";
import type { Accepted, Answer, Refusal, Slot, View } from "../shared/protocol";
import { clock, day, moment, text } from "../shared/texts";
import type { Wire } from "../shared/wire";
import { newKey } from "../shared/wire";
import type { Letter } from "./kept";
import type { Pages } from "./pages";
import type { Question } from "./question";

export interface LaterNews {
  readonly view: (view: View) => void;
  readonly refused: (refusal: Refusal) => Promise<void>;
  /** Unsent words have gone from one place to another. */
  readonly moved: () => void;
}

export class Later {
  readonly #wire: Wire;
  readonly #pages: Pages;
  readonly #question: Question;
  readonly #news: LaterNews;
  readonly #form = byId("letter-form", HTMLFormElement);
  readonly #letter: Composer;
  readonly #field = byId("letter-words", HTMLTextAreaElement);
  readonly #times = byId("times", HTMLElement);
  #onItsWay: Letter | null = null;
  #before: Letter | null = null; // on its way when the page was loaded anew

  constructor(wire: Wire, pages: Pages, question: Question, news: LaterNews) {
    this.#wire = wire;
    this.#pages = pages;
    this.#question = question;
    this.#news = news;
    const parts = {
      field: this.#field,
      button: byId("letter-send", HTMLButtonElement),
      problem: byId("letter-problem", HTMLElement),
    };
    this.#letter = new Composer(this.#form, parts, (words) => void this.#sendLetter(words));
    this.#letter.enterSends = false;
    this.#listen();
  }

  get unsent(): Letter {
    const words = joined(this.#question.about(this.#form), this.#field.value);
    return this.#onItsWay ?? { text: words, key: null, open: this.#pages.shown === "letter" };
  }

  /** After a reload. A letter that was on its way may have arrived: sent again it is the same one, and gives the words. */
  restore(letter: Letter): void {
    this.#letter.take(letter.text, false);
    this.#before = letter;
    if (letter.key !== null || letter.open === true) this.writeLetter();
  }

  writeLetter(): void {
    this.#pages.show("letter");
    this.#field.focus();
  }

  chooseTime(): void {
    this.#pages.show("times");
    void this.#loadTimes();
  }

  /** A person is here: what was done beside the conversation gives way, and unsent words go along to it. */
  view(view: View): string {
    showWhen(byId("letter-page", HTMLElement), "when", view.state);
    if (view.state !== "with_staff") return "";
    const unsent = [this.#question.drop(this.#form), this.#field.value.trim()].filter(Boolean).join("\n\n");
    this.#field.value = "";
    if (["letter", "times"].includes(this.#pages.shown)) this.#pages.show("room");
    return unsent;
  }

  async #sendLetter(words: string, asIs = false): Promise<void> {
    const found = asIs ? [] : find(words);
    if (found.length > 0) {
      this.#ask(words, found);
      return;
    }
    const key = (this.#before?.text === words ? this.#before.key : null) ?? newKey();
    this.#onItsWay = { text: words, key };
    this.#news.moved();
    busy("letter-send", true);
    const choice = asIs ? { as_is: true } : {};
    const answer = await this.#wire.insist("letter", { client_id: key, text: words, ...choice });
    busy("letter-send", false);
    this.#onItsWay = this.#before = null;
    if (answer.ok) {
      this.#news.moved();
      this.#showCode(answer, "letter");
      return;
    }
    if (answer.code === "identifying" && this.#pages.shown === "letter" && !this.#question.open) {
      this.#ask(words, located(words, answer.found));
      return;
    }
    this.#letter.take(words);
    this.#news.moved();
    problem("letter-problem", refusalWords(answer));
    await this.#news.refused(answer);
  }

  #ask(words: string, found: readonly Found[]): void {
    this.#question.ask({
      words,
      found,
      place: this.#form,
      send: (chosen, asIs) => void this.#sendLetter(chosen, asIs),
      back: (kept) => {
        this.#letter.take(kept);
        this.#news.moved();
      },
    });
  }

  async #loadTimes(): Promise<void> {
    const answer: Answer | null = await this.#wire.ask("slots", {}).catch(() => null);
    if (answer?.ok !== true) {
      problem("times-problem", text("refused_other"));
      return;
    }
    const slots = parseSlots(answer.body);
    const days = new Map<string, Slot[]>();
    for (const slot of slots) days.set(day(slot.at), [...(days.get(day(slot.at)) ?? []), slot]);
    this.#times.replaceChildren(...[...days].map(([name, found], index) => dayBox(name, found, index === 0)));
    byId("times-none", HTMLElement).hidden = slots.length > 0;
    byId("times-form", HTMLElement).hidden = slots.length === 0;
  }

  async #book(): Promise<void> {
    const chosen = this.#times.querySelector<HTMLInputElement>("input:checked");
    problem("times-problem", chosen === null ? text("choose_first") : "");
    if (chosen === null) return;
    busy("times-take", true);
    const answer = await this.#wire.insist("book", { client_id: newKey(), slot: Number(chosen.value) });
    busy("times-take", false);
    if (answer.ok) {
      this.#showCode(answer, "appointment");
      return;
    }
    problem("times-problem", refusalWords(answer));
    await (answer.code === "slot_taken" ? this.#loadTimes() : this.#news.refused(answer));
  }

  /** First the page of the words, then the news of the state: nothing may come between them and the reader. */
  #showCode(answer: Accepted, what: "letter" | "appointment"): void {
    const view = parseView(answer.body.view);
    const page = byId("code-page", HTMLElement);
    byId("code-words", HTMLElement).replaceChildren(...parseCode(answer.body).map((word) => el("li", "", word)));
    showWhen(page, "code", what);
    fill(page, "time", view.appointmentAt === null ? "" : moment(view.appointmentAt));
    byId("code-kept", HTMLInputElement).checked = false;
    problem("code-problem", "");
    fill(page, "copied", "");
    this.#pages.show("code");
    this.#news.view(view);
  }

  #done(): void {
    const kept = byId("code-kept", HTMLInputElement);
    problem("code-problem", kept.checked ? "" : text("tick_first"));
    if (!kept.checked) {
      kept.focus();
      return;
    }
    byId("code-words", HTMLElement).replaceChildren(); // shown once
    this.#pages.done();
  }

  async #copy(): Promise<void> {
    const list = byId("code-words", HTMLElement);
    const words = Array.from(list.children, (item) => item.textContent).join(" ");
    try {
      await navigator.clipboard.writeText(words);
      fill(document, "copied", text("copied"));
    } catch {
      getSelection()?.selectAllChildren(list); // without permission: chosen, so that one key copies them
      fill(document, "copied", text("copy_yourself"));
    }
  }

  #listen(): void {
    for (const back of document.querySelectorAll<HTMLElement>("[data-back]")) {
      back.addEventListener("click", () => { this.#pages.show("room"); });
    }
    within(byId("times-none", HTMLElement), "button", HTMLButtonElement).addEventListener("click", () => { this.writeLetter(); });
    on("times-form", "submit", () => void this.#book());
    on("code-form", "submit", () => { this.#done(); });
    on("code-copy", "click", () => void this.#copy());
    on("code-print", "click", () => { window.print(); });
  }
}

function on(id: string, event: "click" | "submit", run: () => void): void {
  byId(id, HTMLElement).addEventListener(event, (happened) => {
    happened.preventDefault();
    run();
  });
}

function problem(id: string, words: string): void {
  const element = byId(id, HTMLElement);
  element.hidden = words === "";
  element.textContent = words;
}

function busy(id: string, busy: boolean): void {
  const button = byId(id, HTMLButtonElement);
  button.disabled = busy; // a form must not go twice
  fill(document, id, busy ? text("sending") : "");
}

/** One day: its times as a choice of one. The first day is open, the others open on wish. */
function dayBox(name: string, slots: readonly Slot[], open: boolean): HTMLDetailsElement {
  const choices = slots.map((slot) => {
    const input = el("input");
    input.type = "radio";
    input.name = "slot";
    input.value = String(slot.slot);
    return el("label", "tick", input, el("span", "", clock(slot.at)));
  });
  const group = el("div", "times", ...choices);
  group.role = "group";
  group.ariaLabel = name;
  const box = el("details", "", el("summary", "", name), group);
  box.open = open;
  return box;
}
