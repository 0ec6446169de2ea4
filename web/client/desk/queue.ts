/** The left side of the desk: who waits, whom I have, who works. Drawn again without losing the focus. */
import { byId, el, syncList } from "../shared/dom";
import type { Board, Card, Colleague } from "../shared/protocol";
import { clock, hasText, text } from "../shared/texts";

const URGENCY_CLASS = ["", "now2", "now1"] as const;
const URGENCY_TAG = ["tag", "tag", "tag hot"] as const;

const STATUS_TAG = { available: "tag good", busy: "tag todo", break: "tag", away: "tag" } as const;

export interface Picks {
  readonly claim: (card: Card) => void;
  readonly open: (card: Card) => void;
  readonly unread: (card: Card) => boolean;
}

/** The word first, then the weight; the subject, never a quote. */
export function urgencyTag(card: Card): HTMLElement {
  return el("span", URGENCY_TAG[card.urgency], text(`urgency_${card.urgency}`));
}

export function about(card: Card): string {
  const key = `language_${card.language}`;
  const words = [card.topicLabel ?? text("topic_unknown"), hasText(key) ? text(key) : card.language];
  if (card.appointmentAt !== null) words.push(text("appointment", { time: clock(card.appointmentAt) }));
  if (card.returned) words.push(text("returned"));
  return words.join(" · ");
}

export function minutesSince(since: Date | null): string {
  if (since === null) return "";
  const minutes = Math.max(0, Math.floor((Date.now() - since.getTime()) / 60_000));
  if (minutes < 120) return text("minutes", { minutes });
  if (minutes < 48 * 60) return text("since_hours", { hours: Math.floor(minutes / 60) });
  return text("since_days", { days: Math.floor(minutes / (24 * 60)) });
}

/** A time that is brought up to date by `refreshTimes`, without drawing anything else again. */
function sinceElement(since: Date | null): HTMLTimeElement {
  const made = el("time", "", minutesSince(since));
  if (since !== null) made.dateTime = since.toISOString();
  made.dataset.since = "";
  return made;
}

function refreshTimes(): void {
  for (const element of document.querySelectorAll<HTMLTimeElement>("time[data-since]")) {
    element.textContent = minutesSince(new Date(element.dateTime));
  }
}

export class QueueView {
  readonly #picks: Picks;
  readonly #cards = new Map<string, Card>();

  constructor(picks: Picks) {
    this.#picks = picks;
    window.setInterval(refreshTimes, 20_000);
  }

  draw(board: Board): void {
    const hadFocus = byId("queue", HTMLElement).contains(document.activeElement);
    for (const card of [...board.waiting, ...board.letters, ...board.mine]) this.#cards.set(card.id, card);
    this.#list("queue", board.waiting, (card) => [urgencyTag(card), sinceElement(card.waitingSince)], this.#picks.claim);
    this.#list("letters", board.letters, (card) => [sinceElement(card.activeAt)], this.#picks.claim);
    put("letters-count", String(board.letters.length));
    this.#list("mine", board.mine, (card) => this.#mineTags(card), this.#picks.open);
    syncList(byId("colleagues", HTMLElement), board.colleagues, colleagueKey, () => el("li"), drawColleague);
    byId("colleagues-empty", HTMLElement).hidden = board.colleagues.length > 0;
    this.#strip(board);
    // The item under the focus was taken by a colleague: the next press stays near.
    if (hadFocus && document.activeElement === document.body) byId("next", HTMLButtonElement).focus();
  }

  /** After something was read, without a new board. */
  markRead(card: Card): void {
    const item = document.querySelector<HTMLElement>(`#mine > [data-key="${card.id}"]`);
    item?.querySelector(".unread")?.remove();
    item?.removeAttribute("data-unread");
  }

  #mineTags(card: Card): HTMLElement[] {
    const presence = el("span", "", text(`visitor_${card.visitor}`));
    const tags = card.state === "answering" ? [el("span", "tag", text("a_letter"))] : [];
    if (this.#picks.unread(card)) tags.push(el("span", "tag bad unread", text("unread")));
    return [...tags, presence];
  }

  #list(listId: string, cards: readonly Card[], extras: (card: Card) => HTMLElement[], pick: (card: Card) => void): void {
    const make = (card: Card): HTMLLIElement => {
      const button = el("button", "pick", card.alias);
      button.type = "button";
      // The second half of a double click may land on the next visitor, who has moved up.
      button.addEventListener("click", (event) => {
        if (event.detail < 2) pick(this.#cards.get(card.id) ?? card);
      });
      return el("li", "", el("div", "row", button), el("p", ""));
    };
    const update = (item: HTMLLIElement, card: Card): void => {
      item.className = listId === "queue" ? URGENCY_CLASS[card.urgency] : "";
      item.dataset.conversation = card.id;
      item.dataset.alias = card.alias;
      item.toggleAttribute("data-unread", listId === "mine" && this.#picks.unread(card));
      const [row, line] = [item.firstElementChild, item.lastElementChild];
      const button = row?.querySelector("button");
      if (row === null || line === null || !button) return;
      if (listId !== "mine") button.ariaLabel = text("take", { alias: card.alias });
      // The button stays where it is, so that it keeps the focus.
      for (const other of [...row.children]) if (other !== button) other.remove();
      const [first, ...rest] = extras(card);
      if (listId === "queue" && first !== undefined) button.before(first);
      button.after(...(listId === "queue" ? rest : extras(card)));
      line.textContent = about(card);
    };
    syncList(byId(listId, HTMLElement), cards, (card) => card.id, make, update);
    byId(`${listId}-empty`, HTMLElement).hidden = cards.length > 0;
  }

  #strip(board: Board): void {
    const waiting = String(board.waitingCount);
    const since = board.waiting.map((card) => card.waitingSince).filter((at) => at !== null);
    const longest = since.reduce<Date | null>((first, at) => (first === null || at < first ? at : first), null);
    put("strip-waiting", waiting);
    put("waiting-count", waiting);
    put("queue-said", text("waiting_count", { count: waiting }));
    byId("strip-longest", HTMLElement).replaceChildren(longest === null ? text("none") : sinceElement(longest));
    put("strip-mine", String(board.mine.length));
    put("mine-count", String(board.mine.length));
    put("strip-colleagues", String(board.colleagues.length));
    put("strip-people", text(board.peoplePresent ? "people_yes" : "people_no"));
    byId("strip-people", HTMLElement).classList.toggle("good", board.peoplePresent);
  }
}

function put(elementId: string, words: string): void {
  const element = byId(elementId, HTMLElement);
  if (element.textContent !== words) element.textContent = words;
}

function colleagueKey(person: Colleague): string {
  return String(person.staffId);
}

function drawColleague(item: HTMLLIElement, person: Colleague): void {
  const key = `role_${person.role}`;
  const role = el("span", "soft small", hasText(key) ? text(key) : person.role);
  const status = el("span", STATUS_TAG[person.status], text(`status_${person.status}`));
  const busy = el("span", "", text("load", { busy: person.busy, capacity: person.capacity }));
  item.replaceChildren(el("div", "row", el("b", "", person.name), status, role, busy));
}
