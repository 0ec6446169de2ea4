/** A conversation on the screen: numbered entries, and below them what is not committed yet. */
import type { Outgoing } from "./outbox";
import type { Place } from "./entry_view";
import { markEntry, markSent, renderEntry, renderOutgoing, updateOutgoing } from "./entry_view";
import type { Entry } from "./protocol";

export class TalkList {
  readonly #list: HTMLElement;
  readonly #place: Place;
  readonly #outgoing = new Map<string, HTMLLIElement>();

  constructor(list: HTMLElement, place: Place) {
    this.#list = list;
    this.#place = place;
  }

  /** Adds an entry below the entries. One's own message stays the item that showed it on its way. */
  add(entry: Entry): HTMLLIElement {
    const mine = entry.clientId === null ? undefined : this.#outgoing.get(entry.clientId);
    if (entry.clientId === null || mine === undefined) return this.#insert(renderEntry(entry, this.#place));
    this.#outgoing.delete(entry.clientId);
    markEntry(mine, entry);
    return this.#follows(mine) ? this.#insert(mine) : mine;
  }

  shows(key: string): boolean {
    return this.#list.querySelector(`[data-client="${key}"]`) !== null;
  }

  /** Shows a message of one's own, or what has become of it. */
  show(message: Outgoing): HTMLLIElement | null {
    const known = this.#list.querySelector<HTMLLIElement>(`[data-client="${message.key}"]`);
    if (known !== null) {
      updateOutgoing(known, message, this.#place);
      return known;
    }
    if (message.delivery === "sent") return null; // it is here already, as an entry
    const made = renderOutgoing(message, this.#place);
    this.#list.append(made);
    this.#outgoing.set(message.key, made);
    return made;
  }

  forget(key: string): void {
    this.#outgoing.get(key)?.remove();
    this.#outgoing.delete(key);
  }

  get hasOutgoing(): boolean {
    return this.#outgoing.size > 0;
  }

  /**
   * Takes away offered answers. latest: those before the last words of the visitor, except those of a crisis card.
   * waiting: of those no way to a person, who is on the way. none: all go, a person is here or it is over.
   */
  keepSuggestions(kept: "latest" | "waiting" | "none"): void {
    const mine = this.#list.querySelectorAll("li.you");
    const last = mine.item(mine.length - 1) as Element | null;
    for (const offer of this.#list.querySelectorAll("ul.says")) {
      const passed = last !== null && (offer.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
      const ofCrisis = offer.closest(".crisis") !== null;
      if (kept === "none" || (!ofCrisis && passed)) offer.remove();
    }
    if (kept !== "waiting") return;
    for (const way of this.#list.querySelectorAll('ul.says [data-topic="human"]')) {
      const offer = way.closest("ul");
      way.parentElement?.remove();
      if (offer?.childElementCount === 0) offer.remove();
    }
  }

  /** What has become of one's own words, told once: below the last that a person has read, and the last that arrived. */
  mark(read: number): void {
    const mine = [...this.#list.querySelectorAll<HTMLLIElement>("li.you[data-number]")];
    const last = mine.at(-1);
    const lastRead = mine.filter((item) => Number(item.dataset.number) <= read).at(-1);
    for (const item of mine) markSent(item, item === lastRead ? "read" : item === last ? "sent" : null);
  }

  #insert(element: HTMLLIElement): HTMLLIElement {
    this.#list.insertBefore(element, this.#firstOutgoing());
    return element;
  }

  #firstOutgoing(): HTMLLIElement | null {
    return this.#outgoing.values().next().value ?? null;
  }

  /** Whether something that is not committed yet stands above this item. */
  #follows(element: HTMLLIElement): boolean {
    const first = this.#firstOutgoing();
    return first !== null && (first.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  }
}
