/** The visitor's page: bar, conversation, writing field, and what is left when it is over. */
import { byId, cloneOf, fill, showWhen, within } from "../shared/dom";
import { doorBox, renderEntry } from "../shared/entry_view";
import type { Place } from "../shared/entry_view";
import type { Door, Entry, View } from "../shared/protocol";
import { TalkList } from "../shared/talk_list";
import { text } from "../shared/texts";
import type { Link } from "../shared/wire";
import type { Outgoing } from "../shared/outbox";

export interface Wishes {
  readonly askPerson: () => void;
  readonly withdraw: () => void;
  readonly leave: () => void;
  readonly retryNow: () => void;
}

const STAGES = ["assistant", "waiting", "with_staff"] as const;
const ASKED = ["asked", "released", "staff_lost"]; // from here on the visitor waits
const NEAR_END_PX = 160;

export class RoomView {
  readonly #now = byId("now", HTMLElement);
  readonly #room = byId("room", HTMLElement);
  readonly #log = byId("log", HTMLElement);
  readonly #toEnd = byId("to-end", HTMLButtonElement);
  readonly #sure = byId("stop-sure", HTMLElement);
  readonly #talk: TalkList;
  readonly #waiting: HTMLElement;
  readonly #wishes: Wishes;
  #state: View["state"] | "connecting" = "connecting";

  constructor(wishes: Wishes, place: Place) {
    this.#wishes = wishes;
    this.#talk = new TalkList(byId("talk", HTMLOListElement), place);
    this.#waiting = cloneOf("waiting-card");
    for (const part of [this.#now, this.#room, byId("compose", HTMLFormElement)]) part.hidden = false;
    this.#listen();
  }

  link(link: Link): void {
    byId("lost", HTMLElement).hidden = link.up;
    showWhen(document, "link", link.up ? "up" : "down");
    if (link.up) return;
    const seconds = Math.max(2, Math.round(link.retryInMs / 1000));
    byId("lost-when", HTMLElement).textContent =
      link.retryInMs === 0 ? text("trying") : text("try_in", { seconds });
  }

  view(view: View): void {
    const before = this.#state;
    this.#state = view.state;
    for (const part of [this.#now, this.#room]) {
      part.dataset.state = view.state;
      showWhen(part, "when", view.state);
    }
    this.#fillWaiting(view);
    fill(this.#now, "name", view.name ?? "");
    STAGES.forEach((stage, index) => {
      const item = within(this.#now, `[data-stage="${stage}"]`, HTMLLIElement);
      item.classList.toggle("done", index < STAGES.indexOf(view.state as (typeof STAGES)[number]));
      if (stage === view.state) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    this.#keepSuggestions();
    if (before !== view.state) this.#askStop(false, false);
  }

  add(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const follow = this.#atEnd();
    const items = entries.map((entry) => this.#talk.add(entry));
    this.#placeWaiting();
    this.#keepSuggestions();
    const first = items[0];
    if (first === undefined) return;
    if (follow) this.#showItem(items.length > 2 ? null : first);
    else this.#toEnd.hidden = !entries.some((entry) => entry.sender !== "visitor");
  }

  show(message: Outgoing): void {
    const item = this.#talk.show(message);
    if (message.delivery === "sending") {
      this.#keepSuggestions();
      this.#showItem(null);
    }
    if (message.delivery === "refused" && item !== null && this.#atEnd()) this.#showItem(item);
  }

  forget(key: string): void {
    this.#talk.forget(key);
  }

  /** After a button that disappears: the focus goes to the conversation, not to the top of the page. */
  focusLog(): void {
    this.#log.focus({ preventScroll: true });
  }

  /** While a wish is on its way its button says so, and does nothing a second time. */
  busy(busy: boolean): void {
    const buttons = [byId("ask-person", HTMLButtonElement), byId("stop-yes", HTMLButtonElement)];
    const withdraw = this.#waiting.querySelector<HTMLButtonElement>("#withdraw");
    for (const button of [...buttons, withdraw]) if (button !== null) button.ariaDisabled = busy ? "true" : null;
  }

  close(entries: readonly Entry[], why: "ended" | "gone"): void {
    const closed = byId("closed", HTMLElement);
    if (!closed.hidden) return;
    this.#state = "closed";
    this.#waiting.remove();
    this.#talk.keepSuggestions("none");
    for (const button of this.#log.querySelectorAll('[data-act="edit"]')) button.remove(); // there is no field any more
    this.#passedOn(entries);
    showWhen(closed, "closed", why);
    const reread = byId("reread", HTMLDetailsElement);
    reread.append(this.#log);
    reread.hidden = entries.length === 0 && !this.#talk.hasOutgoing;
    reread.open = this.#talk.hasOutgoing; // words that were not sent are not hidden away
    this.#log.removeAttribute("role");
    for (const part of [this.#now, this.#room, byId("lost", HTMLElement)]) part.hidden = true;
    document.body.classList.add("over");
    closed.hidden = false;
    window.scrollTo(0, 0);
    within(closed, "h1", HTMLElement).focus();
  }

  #keepSuggestions(): void {
    const kept = { connecting: "latest", assistant: "latest", waiting: "crisis", with_staff: "none", closed: "none" } as const;
    this.#talk.keepSuggestions(kept[this.#state]);
  }

  #passedOn(entries: readonly Entry[]): void {
    const box = byId("passed", HTMLElement);
    const doors = new Map<string, Door>(entries.flatMap((entry) => entry.doors.map((door) => [door.name, door])));
    for (const door of doors.values()) box.append(doorBox(door));
    const read = new Map(entries.flatMap((entry) => (entry.article === null ? [] : [[entry.article.title, entry]])));
    for (const entry of read.values()) {
      const article = renderEntry(entry, { me: null }).querySelector(".door");
      if (article !== null) box.append(article);
    }
    box.hidden = doors.size + read.size === 0;
  }

  #fillWaiting(view: View): void {
    const people = view.peoplePresent ? "yes" : "no";
    const position = view.position ?? 1;
    const shownBefore = document.contains(this.#waiting);
    const follow = this.#atEnd();
    for (const root of [this.#waiting, byId("status", HTMLElement)]) {
      fill(root, "position", text("position", { position }));
      fill(root, "position_bar", text("position_bar", { position }));
      showWhen(root, "urgent", view.urgent ? "yes" : "no");
    }
    showWhen(this.#waiting, "people", people);
    for (const part of this.#now.querySelectorAll<HTMLElement>('[data-when="waiting"][data-people]')) {
      part.hidden = view.state !== "waiting" || part.dataset.people !== people;
    }
    this.#placeWaiting();
    if (!shownBefore && follow && view.state === "waiting") this.#showItem(null);
  }

  /** The waiting card stands where the visitor asked; while waiting only. */
  #placeWaiting(): void {
    const holder = this.#waiting.closest("li") ?? document.createElement("li");
    if (this.#state !== "waiting") {
      holder.remove();
      return;
    }
    const asked = [...document.querySelectorAll<HTMLLIElement>(ASKED.map((code) => `#talk > [data-code="${code}"]`).join())];
    const last = asked[asked.length - 1];
    if (last === undefined || last.nextElementSibling === holder) return;
    holder.className = "whole";
    holder.append(this.#waiting);
    last.after(holder);
  }

  #askStop(open: boolean, moveFocus = true): void {
    this.#sure.hidden = !open;
    byId("now-row", HTMLElement).hidden = open;
    byId("where", HTMLElement).hidden = open;
    if (!moveFocus) return;
    if (open) byId("stop-no", HTMLButtonElement).focus();
    else this.#now.querySelector<HTMLButtonElement>("[data-stop]:not([hidden])")?.focus();
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
    wish(within(this.#waiting, "#withdraw", HTMLButtonElement), this.#wishes.withdraw);
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
