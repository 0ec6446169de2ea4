/** Before words go that could name their writer: both versions side by side, and the writer chooses. */
import { byId, el, showWhen, within } from "../shared/dom";
import type { Found } from "../shared/details";
import { text } from "../shared/texts";

export interface Asked {
  readonly words: string;
  readonly found: readonly Found[];
  /** The part with the writing field; the question takes its place. */
  readonly place: HTMLElement;
  readonly send: (words: string, asIs: boolean) => void;
  /** The words go back to where they came from. */
  readonly back: (words: string) => void;
}

export class Question {
  readonly #card = byId("details", HTMLElement);
  readonly #safe = byId("details-safe", HTMLElement);
  #asked: Asked | null = null;

  constructor() {
    const answer = (id: string, run: (asked: Asked) => void): void => {
      byId(id, HTMLButtonElement).addEventListener("click", (event) => {
        // The second click of a double one was meant for 'send', which stood where a button of this question may be now.
        if (event.detail < 2) this.#answer(run);
      });
    };
    const back = (asked: Asked): void => { asked.back(asked.words); };
    answer("details-without", (asked) => { asked.send(without(asked), false); });
    answer("details-as-is", (asked) => { asked.send(asked.words, true); });
    answer("details-back", back);
    this.#card.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#answer(back);
    });
  }

  get open(): boolean {
    return this.#asked !== null;
  }

  /** The words that are being asked about in that place, if any. */
  about(place: HTMLElement): string {
    return this.#asked?.place === place ? this.#asked.words : "";
  }

  /** One question at a time; whoever asks looks at `open` first. */
  ask(asked: Asked): void {
    this.#asked = asked;
    const kinds = new Set(asked.found.map((one) => one.kind));
    const [first] = asked.found;
    const title = first === undefined || kinds.size > 1 ? "many" : first.kind;
    showWhen(this.#card, "found", title);
    showWhen(this.#card, "count", asked.found.length === 1 ? "one" : "many");
    const empty = nothingLeft(asked);
    showWhen(this.#card, "left", empty ? "nothing" : "words");
    const back = byId("details-back", HTMLElement);
    back.classList.toggle("main", empty); // then the safe way is to write something else
    back.classList.toggle("bare", !empty);
    fillVersion("details-mine", pieces(asked, (one) => asked.words.slice(one.start, one.end)));
    fillVersion("details-safe", empty ? [] : pieces(asked, (one) => text(`left_${one.kind}`)));
    asked.place.append(this.#card);
    asked.place.classList.add("asks");
    this.#card.hidden = false;
    this.#bringUp(byId("details-title", HTMLElement));
    for (const version of [byId("details-mine", HTMLElement), this.#safe]) showFirst(version);
  }

  /** Takes the question away, from that place or from anywhere; returns the words that it was about. */
  drop(place: HTMLElement | null = null): string {
    const asked = this.#asked;
    if (asked === null || (place !== null && asked.place !== place)) return "";
    this.#asked = null;
    asked.place.classList.remove("asks");
    this.#card.hidden = true;
    for (const id of ["details-mine", "details-safe"]) byId(id, HTMLElement).replaceChildren(); // kept nowhere
    return asked.words;
  }

  /** As much of the question as fits, below the bar. */
  #bringUp(title: HTMLElement): void {
    title.focus({ preventScroll: true });
    const bar = within(document, "header.bar", HTMLElement).offsetHeight;
    window.scrollTo(0, title.getBoundingClientRect().top + window.scrollY - bar - 16);
  }

  #answer(run: (asked: Asked) => void): void {
    const asked = this.#asked;
    if (asked === null) return;
    this.drop();
    run(asked);
  }
}

type Pieces = readonly (string | HTMLElement)[];

/** The words, with something else marked in the place of each detail. */
function pieces({ words, found }: Asked, shown: (one: Found) => string): Pieces {
  const made: (string | HTMLElement)[] = [];
  let at = 0;
  for (const one of found) {
    made.push(words.slice(at, one.start), el("mark", "", shown(one)));
    at = one.end;
  }
  return [...made, words.slice(at)];
}

function without(asked: Asked): string {
  return pieces(asked, (one) => text(`left_${one.kind}`))
    .map((piece) => (typeof piece === "string" ? piece : piece.textContent))
    .join("");
}

/** Only a detail, or one that the server saw and we cannot place: there is nothing to send without it. */
function nothingLeft(asked: Asked): boolean {
  const rest = pieces(asked, () => "").filter((piece) => typeof piece === "string").join("");
  return asked.found.length === 0 || !/[\p{L}\p{N}]/u.test(rest);
}

function fillVersion(id: string, made: Pieces): void {
  byId(id, HTMLElement).replaceChildren(...made);
}

/** A long message scrolls in its box; the first detail is in sight. */
function showFirst(version: HTMLElement): void {
  const mark = version.querySelector("mark");
  const scrolls = version.scrollHeight > version.clientHeight;
  if (scrolls) version.tabIndex = 0;
  else version.removeAttribute("tabindex");
  if (mark !== null) version.scrollTop = mark.offsetTop - version.clientHeight / 2;
}
