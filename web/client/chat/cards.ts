/** The two cards that stand in the conversation: the place in the queue, and what is possible when nobody can come. */
import { cloneOf, fill, showWhen, within } from "../shared/dom";
import type { Refusal, View, Wait } from "../shared/protocol";
import { addOwnTimes } from "../shared/own_time";
import { hasText, moment, text } from "../shared/texts";

const ASKED = ["asked", "alarmed", "due", "released", "staff_lost"]; // from here on the visitor waits
const ENDED = ["lapsed", "missed", "hours_ended"]; // they waited, and nobody came

export interface CardWishes {
  readonly withdraw: () => void;
  readonly letter: () => void;
  readonly times: () => void;
}

/** 'It takes about 10 to 20 minutes': as much as is known, and nothing when nothing is. */
export function waitWords(wait: Wait | null): string {
  if (wait === null) return "";
  if (wait.high === null) return text("wait_more", { low: wait.low });
  if (wait.low === 0) return text("wait_less", { high: wait.high });
  return text("wait_about", { low: wait.low, high: wait.high });
}

export class Cards {
  readonly #list: HTMLElement;
  readonly #waiting = cloneOf("waiting-card");
  readonly #later = cloneOf("later-card");
  #laterIn = ""; // the state in which that was said
  #appointment: number | undefined;

  constructor(list: HTMLElement, wishes: CardWishes) {
    this.#list = list;
    addOwnTimes(this.#later);
    for (const card of [this.#waiting, this.#later]) {
      for (const button of card.querySelectorAll<HTMLButtonElement>("[data-act]")) {
        button.addEventListener("click", () => {
          if (button.ariaDisabled !== "true") wishes[button.dataset.act as keyof CardWishes]();
        });
      }
    }
  }

  get withdraw(): HTMLButtonElement {
    return within(this.#waiting, "#withdraw", HTMLButtonElement);
  }

  get waiting(): HTMLElement | null {
    return this.#waiting.isConnected ? this.#waiting : null;
  }

  /** What the bar and the card say of the place. */
  fill(view: View, status: HTMLElement): void {
    const position = view.position ?? 1;
    for (const root of [this.#waiting, status]) {
      fill(root, "position", text("position", { position }));
      fill(root, "position_bar", text("position_bar", { position }));
      showWhen(root, "urgent", view.urgent ? "yes" : "no");
    }
    const words = waitWords(view.wait);
    fill(this.#waiting, "wait", words);
    within(this.#waiting, '[data-fill="wait"]', HTMLElement).hidden = words === "";
    showWhen(this.#waiting, "people", view.peoplePresent ? "yes" : "no");
    showWhen(this.#later, "letter", view.offers.letter ? "yes" : "no");
    showWhen(this.#later, "appointment", view.offers.appointment ? "yes" : "no");
    const appointment = view.appointmentAt?.getTime();
    if (appointment !== undefined && appointment !== this.#appointment) remove(this.#later); // it was chosen there
    this.#appointment = appointment;
    this.#say(view.offers.wait ? "" : reasonWords(view.offers.reason, view.offers.opensAt));
  }

  /** The waiting card stands where the visitor asked, while waiting only; the other one where the waiting ended. */
  place(state: string): void {
    if (state === "waiting") this.#after(this.#waiting, ASKED);
    else remove(this.#waiting);
    if (this.#laterIn !== state) remove(this.#later);
    this.#laterIn = state;
    if (state === "assistant") this.#after(this.#later, ENDED, true);
  }

  /** Below everything, with the reason why there is no person now; without one it was the visitor's own choice. */
  offerLater(refusal: Refusal | null): HTMLElement {
    if (refusal !== null) this.#say(reasonWords(refusal.reason ?? "", refusal.opensAt));
    const holder = this.#later.closest("li") ?? holderOf(this.#later);
    this.#list.append(holder);
    return this.#later;
  }

  focusLater(): void {
    within(this.#later, "h2", HTMLElement).focus({ preventScroll: true });
  }

  #say(why: string): void {
    fill(this.#later, "why", why);
    within(this.#later, '[data-fill="why"]', HTMLElement).hidden = why === "";
    showWhen(this.#later, "why", why === "" ? "choice" : "closed");
  }

  /** `latest`: only if nothing has been said since. */
  #after(card: HTMLElement, codes: readonly string[], latest = false): void {
    const found = this.#list.querySelectorAll<HTMLLIElement>(codes.map((code) => `:scope > [data-code="${code}"]`).join());
    const last = found[found.length - 1];
    if (last === undefined) return;
    const next = last.nextElementSibling;
    if (next !== null && next === card.parentElement) return;
    if (latest && next !== null) return;
    last.after(card.closest("li") ?? holderOf(card));
  }
}

function reasonWords(reason: string, opensAt: Date | null): string {
  if (reason === "open") return "";
  const key = `not_open_${reason}`;
  const why = text(hasText(key) ? key : "not_open_closed");
  return opensAt === null ? why : `${why} ${text("opens_again", { when: moment(opensAt) })}`;
}

function holderOf(card: HTMLElement): HTMLLIElement {
  const holder = document.createElement("li");
  holder.className = "whole";
  holder.append(card);
  return holder;
}

function remove(card: HTMLElement): void {
  card.closest("li")?.remove();
  card.remove();
}
