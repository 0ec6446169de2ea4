/** What is asked before something happens to a conversation: a question, sometimes a colleague and a few words. */
import { byId, el, within } from "../shared/dom";
import type { Colleague } from "../shared/protocol";
import { text } from "../shared/texts";

/** `words`: whether something is written; `who`: whether a colleague is chosen. */
const ACTS = {
  note: { words: "needed", who: false },
  offer: { words: "needed", who: true },
  hand_back: { words: "none", who: false },
  release: { words: "free", who: false },
  close: { words: "none", who: false },
} as const;

export type Act = keyof typeof ACTS;
export interface Asked {
  readonly words: string;
  readonly to: number | null;
}

export function colleagueWords(person: Colleague): string {
  return `${person.name} · ${text(`status_${person.status}`)} · ${text("load", { busy: person.busy, capacity: person.capacity })}`;
}

export class Panel {
  readonly #root: HTMLFormElement;
  readonly #tools: HTMLElement;
  readonly #run: (act: Act, asked: Asked) => void;
  readonly #field: HTMLTextAreaElement;
  readonly #who: HTMLSelectElement;
  readonly #problem: HTMLElement;
  #act: Act | null = null;

  /** `name`: makes the ids of the fields, which labels need. */
  constructor(pane: HTMLElement, name: string, run: (act: Act, asked: Asked) => void) {
    this.#root = within(pane, "[data-panel]", HTMLFormElement);
    this.#tools = within(pane, "[data-tools]", HTMLElement);
    this.#field = within(this.#root, "textarea", HTMLTextAreaElement);
    this.#who = within(this.#root, "select", HTMLSelectElement);
    this.#problem = within(this.#root, "[role=alert]", HTMLElement);
    this.#run = run;
    this.#field.id = `${name}-words`;
    this.#who.id = `${name}-who`;
    within(this.#root, "[data-words] label", HTMLLabelElement).htmlFor = this.#field.id;
    within(this.#root, "[data-who] label", HTMLLabelElement).htmlFor = this.#who.id;
    for (const act of Object.keys(ACTS) as Act[]) {
      within(this.#tools, `[data-act="${act}"]`, HTMLButtonElement).addEventListener("click", () => { this.#open(act); });
    }
    within(this.#root, '[data-act="panel-no"]', HTMLButtonElement).addEventListener("click", () => { this.close(true); });
    this.#root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** While it is on its way. */
  busy(busy: boolean): void {
    within(this.#root, '[data-act="panel-yes"]', HTMLButtonElement).disabled = busy;
  }

  say(words: string): void {
    this.#problem.hidden = words === "";
    this.#problem.textContent = words;
  }

  close(focus: boolean): void {
    const act = this.#act;
    this.#act = null;
    this.#root.hidden = true;
    this.#tools.hidden = false;
    if (act !== null && focus) within(this.#tools, `[data-act="${act}"]`, HTMLButtonElement).focus();
  }

  /** The colleagues to whom one can offer something; the chosen one stays chosen. */
  colleagues(people: readonly Colleague[]): void {
    const chosen = this.#who.value;
    const free = people.filter((person) => person.status === "available" && person.busy < person.capacity);
    const options = free.map((person) => {
      const option = el("option", "", colleagueWords(person));
      option.value = String(person.staffId);
      return option;
    });
    this.#who.replaceChildren(...options);
    if (free.some((person) => String(person.staffId) === chosen)) this.#who.value = chosen;
  }

  #open(act: Act): void {
    const { words, who } = ACTS[act];
    if (this.#act !== act) this.#field.value = "";
    this.#act = act;
    this.say("");
    within(this.#root, "[data-question]", HTMLElement).textContent = text(`ask_${act}`);
    within(this.#root, '[data-act="panel-yes"]', HTMLElement).textContent = text(`yes_${act}`);
    within(this.#root, "[data-words]", HTMLElement).hidden = words === "none";
    if (words !== "none") within(this.#root, "[data-words] label", HTMLElement).textContent = text(`label_${act}`);
    within(this.#root, "[data-who]", HTMLElement).hidden = !who;
    this.#root.hidden = false;
    this.#tools.hidden = true;
    this.#root.scrollIntoView({ block: "nearest" });
    if (who) this.#who.focus();
    else if (words === "none") within(this.#root, '[data-act="panel-no"]', HTMLButtonElement).focus();
    else this.#field.focus();
  }

  #submit(): void {
    if (this.#act === null) return;
    const { words, who } = ACTS[this.#act];
    const written = words === "none" ? "" : this.#field.value.trim();
    const to = who && this.#who.value !== "" ? Number(this.#who.value) : null;
    if (who && to === null) this.say(text("nobody_free"));
    else if (words === "needed" && written === "") this.say(text("words_needed"));
    else this.#run(this.#act, { words: written, to });
  }
}

/** Below the bar: one's own status, told to the server at once and taken from the board. */
export class StatusChoice {
  readonly #select = byId("my-status", HTMLSelectElement);
  #known = "";

  constructor(tell: (status: string) => Promise<boolean>) {
    this.#select.addEventListener("change", () => {
      void tell(this.#select.value).then((done) => {
        if (done) this.#known = this.#select.value;
        else this.#select.value = this.#known;
      });
    });
  }

  draw(me: Colleague | null): void {
    this.#select.disabled = me === null;
    if (me === null || me.status === this.#known) return;
    this.#known = this.#select.value = me.status;
  }
}
