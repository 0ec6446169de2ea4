/** The visitor's page during the conversation: bar, messages, writing field. */
import { byId, fill, showWhen, within } from "../shared/dom";
import { Story } from "../shared/entry_view";
import type { Place } from "../shared/entry_view";
import type { Outgoing } from "../shared/outbox";
import type { Entry, Refusal, View } from "../shared/protocol";
import { TalkList } from "../shared/talk_list";
import { moment, text } from "../shared/texts";
import { Cards } from "./cards";
import type { CardWishes } from "./cards";
import type { Sound } from "./sound";

export interface Wishes extends CardWishes {
  readonly askPerson: () => void;
  readonly stay: () => void;
  readonly cancel: () => void;
  readonly leave: () => void;
  readonly forget: () => void;
  readonly retryNow: () => void;
}

/** The way of a chat, and that of a letter; the bar shows one of them. */
const ROUTES = [["assistant", "waiting", "with_staff"], ["letter", "answering", "answered"]] as const;
const KEPT: Readonly<Record<string, "latest" | "waiting">> = { connecting: "latest", assistant: "latest", waiting: "waiting" };
const NEAR_END_PX = 160;

export class RoomView {
  readonly #now = byId("now", HTMLElement);
  readonly #room = byId("room", HTMLElement);
  readonly #log = byId("log", HTMLElement);
  readonly #toEnd = byId("to-end", HTMLButtonElement);
  readonly #sure = byId("stop-sure", HTMLElement);
  readonly #talk: TalkList;
  readonly #cards: Cards;
  readonly #wishes: Wishes;
  #state: View["state"] | "connecting" = "connecting";
  #read = 0;

  constructor(wishes: Wishes, place: Place) {
    this.#wishes = wishes;
    const list = byId("talk", HTMLOListElement);
    this.#talk = new TalkList(list, { ...place, story: new Story() });
    this.#cards = new Cards(list, wishes);
    this.#listen();
  }

  view(view: View): void {
    const before = this.#state;
    this.#state = view.state;
    for (const part of [this.#now, this.#room]) {
      part.dataset.state = view.state;
      showWhen(part, "when", view.state);
    }
    this.#keepSuggestions(); // first, because what goes away changes where the rest stands
    this.#fillPlace(view);
    fill(this.#now, "name", view.name ?? "");
    for (const route of ROUTES) {
      const at = route.indexOf(view.state as never);
      route.forEach((stage, index) => {
        const item = within(this.#now, `[data-stage="${stage}"]`, HTMLLIElement);
        item.classList.toggle("done", index < at);
        if (index === at) item.setAttribute("aria-current", "step");
        else item.removeAttribute("aria-current");
      });
    }
    this.#fillMoments(view);
    this.read(view.readNumber);
    const page = document.documentElement.lang;
    const other = byId("other-language", HTMLElement);
    other.hidden = (view.language ?? page) === page;
    showWhen(other, "language", view.language ?? page);
    if (before !== view.state) this.#askStop(false, false);
  }

  add(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const follow = this.#atEnd() && !this.#crisisInSight();
    const items = entries.map((entry) => this.#talk.add(entry));
    this.#cards.place(this.#state);
    this.#keepSuggestions();
    // Who answers has read what stands above.
    this.read(Math.max(0, ...entries.filter(({ sender }) => sender === "staff").map(({ number }) => number)));
    const first = items[0];
    if (first === undefined) return;
    const last = items.length > 2 ? null : first;
    if (follow) this.#showItem(items.find((item) => item === this.#crisis()) ?? last);
    else this.#toEnd.hidden = this.#atEnd() || !entries.some((entry) => entry.sender !== "visitor");
  }

  /** A person has seen what stands up to this number. */
  read(number: number): void {
    this.#read = Math.max(this.#read, number);
    this.#talk.mark(this.#read);
  }

  /** The switch says in words how it stands. Without a way to make a sound there is none. */
  sound(sound: Sound): void {
    const button = byId("sound", HTMLButtonElement);
    const draw = (): void => {
      button.ariaPressed = String(sound.on);
      showWhen(button, "sound", sound.on ? "on" : "off");
    };
    button.hidden = !sound.possible;
    button.addEventListener("click", () => {
      sound.toggle();
      draw();
    });
    draw();
  }

  show(message: Outgoing): void {
    const fresh = !this.#talk.shows(message.key);
    const item = this.#talk.show(message);
    if (fresh && message.delivery !== "sent") {
      this.#keepSuggestions();
      this.#showItem(null);
    }
    if (message.delivery === "refused" && item !== null && this.#atEnd()) this.#showItem(item);
  }

  forget(key: string): void {
    this.#talk.forget(key);
  }

  /** One's own wish: its place in the queue comes into sight, wherever one was reading. */
  showWaiting(): void {
    const { waiting } = this.#cards;
    if (waiting !== null) this.#showItem(waiting);
  }

  /** After a button that disappears: the focus goes to the conversation, not to the top of the page. */
  focusLog(): void {
    this.#log.focus({ preventScroll: true });
  }

  /** While a wish is on its way its button says so, and does nothing a second time. */
  busy(busy: boolean): void {
    const ids = ["ask-person", "stop-yes", "stop-forget", "stay", "cancel"];
    const buttons = ids.map((id) => byId(id, HTMLButtonElement));
    for (const button of [...buttons, this.#cards.withdraw]) button.ariaDisabled = busy ? "true" : null;
  }

  /** Somebody at the other end is writing; null: not any more. */
  typing(name: string | null): void {
    fill(document, "typing", name === null ? "" : text("types", { name }));
  }

  /** Nobody can come now: when they can, and what is possible until then. */
  offerLater(refusal: Refusal | null): void {
    this.#showItem(this.#cards.offerLater(refusal));
    this.#cards.focusLater();
  }

  get hasOutgoing(): boolean {
    return this.#talk.hasOutgoing;
  }

  close(): void {
    this.#state = "closed";
    this.#cards.place("closed");
    this.#talk.keepSuggestions("none");
    for (const button of this.#log.querySelectorAll('[data-act="edit"]')) button.remove(); // there is no field any more
    byId("lost", HTMLElement).hidden = true;
  }

  #keepSuggestions(): void {
    this.#talk.keepSuggestions(KEPT[this.#state] ?? "none");
  }

  #fillPlace(view: View): void {
    const people = view.peoplePresent ? "yes" : "no";
    const { waiting: before } = this.#cards;
    const follow = this.#atEnd() && !this.#crisisInSight();
    this.#cards.fill(view, byId("status", HTMLElement));
    for (const part of this.#now.querySelectorAll<HTMLElement>('[data-when="waiting"][data-people]')) {
      part.hidden = view.state !== "waiting" || part.dataset.people !== people;
    }
    this.#cards.place(this.#state);
    const { waiting } = this.#cards;
    if (before !== null || waiting === null) return;
    if (follow) this.#showItem(waiting);
    else if (!this.#atEnd()) this.#toEnd.hidden = false;
  }

  /** The appointment that is ahead, and the end that comes when nobody writes. */
  #fillMoments(view: View): void {
    const { appointmentAt, idleEndsAt } = view;
    const ahead = appointmentAt !== null && view.state !== "waiting" && view.state !== "with_staff";
    byId("appointment", HTMLElement).hidden = !ahead;
    if (ahead) fill(this.#now, "appointment", moment(appointmentAt));
    byId("idle", HTMLElement).hidden = idleEndsAt === null;
    if (idleEndsAt !== null) fill(this.#room, "idle", moment(idleEndsAt));
    const letter = ["letter", "answering", "answered"].includes(view.state);
    showWhen(this.#sure, "keeps", letter ? "letter" : ahead ? "appointment" : "nothing");
  }

  #askStop(open: boolean, moveFocus = true): void {
    this.#sure.hidden = !open;
    byId("now-row", HTMLElement).hidden = open;
    byId("where", HTMLElement).hidden = open;
    if (!moveFocus) return;
    if (open) byId("stop-no", HTMLButtonElement).focus();
    else this.#now.querySelector<HTMLButtonElement>("[data-stop]:not([hidden])")?.focus();
  }

  /** The crisis card that answers the last words of the visitor; nobody but them has spoken since. */
  #crisis(): HTMLElement | null {
    const items = [...this.#log.querySelectorAll<HTMLElement>("#talk > :is(.you, .human, .bot, .whole:has(.crisis))")];
    const last = items.at(-1);
    return last?.matches(".whole") === true ? last : null;
  }

  /** What comes after it must not push it off the screen. */
  #crisisInSight(): boolean {
    const bottom = this.#crisis()?.getBoundingClientRect().bottom ?? 0;
    return bottom > within(document, "header.bar", HTMLElement).offsetHeight;
  }

  #atEnd(): boolean {
    return window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - NEAR_END_PX;
  }

  /** Scrolls to the end, but never past the beginning of a long new item. */
  #showItem(item: HTMLElement | null): void {
    const top = within(document, "header.bar", HTMLElement).offsetHeight;
    const end = document.documentElement.scrollHeight - window.innerHeight;
    const start = item === null ? end : item.getBoundingClientRect().top + window.scrollY - top - 16;
    window.scrollTo(0, Math.min(end, start));
    this.#toEnd.hidden = true;
  }

  #listen(): void {
    const wish = (button: HTMLElement, run: () => void): void => {
      button.addEventListener("click", () => {
        if (button.ariaDisabled !== "true") run();
      });
    };
    wish(byId("ask-person", HTMLButtonElement), this.#wishes.askPerson);
    wish(byId("stay", HTMLButtonElement), this.#wishes.stay);
    wish(byId("cancel", HTMLButtonElement), this.#wishes.cancel);
    wish(byId("another-time", HTMLButtonElement), this.#wishes.times);
    wish(byId("stop-forget", HTMLButtonElement), this.#wishes.forget);
    wish(byId("rather-later", HTMLButtonElement), () => { this.offerLater(null); });
    wish(byId("lost-now", HTMLButtonElement), this.#wishes.retryNow);
    for (const button of this.#now.querySelectorAll<HTMLElement>("[data-stop]")) {
      wish(button, () => {
        this.#askStop(true);
      });
    }
    wish(byId("stop-no", HTMLButtonElement), () => {
      this.#askStop(false);
    });
    wish(byId("stop-yes", HTMLButtonElement), this.#wishes.leave);
    wish(this.#toEnd, () => {
      this.#showItem(null);
    });
    window.addEventListener("scroll", () => {
      if (this.#atEnd()) this.#toEnd.hidden = true;
    });
  }
}
