/** Visitors whom a colleague offers: above everything, because the offer stands for a minute and a half only. */
import { byId, el, syncList } from "../shared/dom";
import type { Card, Entry } from "../shared/protocol";
import { text } from "../shared/texts";
import { about } from "./queue";

export interface OfferWishes {
  readonly accept: (card: Card) => void;
  readonly decline: (card: Card) => void;
}

export class Offers {
  readonly #wishes: OfferWishes;
  readonly #cards = new Map<string, Card>();
  readonly #notes = new Map<string, string>();

  constructor(wishes: OfferWishes) {
    this.#wishes = wishes;
  }

  has(id: string): boolean {
    return this.#cards.has(id);
  }

  /** The board knows all of them. */
  all(cards: readonly Card[]): void {
    this.#cards.clear();
    for (const card of cards) this.#cards.set(card.id, card);
    this.#draw();
  }

  /** One of them changed, a second before the board says so. */
  one(card: Card): void {
    if (card.offered) this.#cards.set(card.id, card);
    else this.#cards.delete(card.id);
    this.#draw();
  }

  /** The note that goes with an offer; it comes before or after its card. */
  note(id: string, entry: Entry): void {
    this.#notes.set(id, entry.text ?? "");
    this.#draw();
  }

  #draw(): void {
    for (const id of [...this.#notes.keys()]) if (this.#cards.size > 0 && !this.#cards.has(id)) this.#notes.delete(id);
    syncList(byId("offers", HTMLElement), [...this.#cards.values()], (card) => card.id, (card) => this.#make(card), (item, card) => {
      const [title, subject, note] = item.querySelectorAll("p");
      const from = text("offered_by", { name: card.name ?? "", alias: card.alias });
      if (title !== undefined && title.textContent !== from) title.textContent = from;
      if (subject !== undefined) subject.textContent = about(card);
      const words = this.#notes.get(card.id) ?? "";
      if (note !== undefined && note.textContent !== words) note.textContent = words;
    });
  }

  #make(card: Card): HTMLLIElement {
    const button = (classes: string, key: string, act: string, run: (card: Card) => void): HTMLButtonElement => {
      const made = el("button", classes, text(key));
      made.type = "button";
      made.dataset.act = act;
      made.addEventListener("click", () => { run(card); });
      return made;
    };
    const buttons = el(
      "div",
      "row",
      button("btn main", "accept", "accept", this.#wishes.accept),
      button("", "decline", "decline", this.#wishes.decline),
    );
    const made = el("li", "notice offer", el("p", "title"), el("p", "soft"), el("p", "lines"), buttons);
    made.dataset.alias = card.alias;
    return made;
  }
}
