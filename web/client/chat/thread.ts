/** The order of a conversation: what is new, what is known, and when something was missed. No document, no socket. */
import type { Entry, QueuePlace, View } from "../shared/protocol";

export type Arrival = "new" | "known" | "gap";

export class Thread {
  readonly #entries: Entry[] = [];
  readonly #before: (entry: Entry) => number;
  #last = 0;
  #checked = 0;

  /** `before`: the number that must be here before an entry. Visitors skip notes, the desk sees every number. */
  constructor(before: (entry: Entry) => number = (entry) => entry.prev) {
    this.#before = before;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** The last number we have; catching up starts after it. */
  get last(): number {
    return this.#last;
  }

  /** An entry that the server pushed. After a gap it is not kept: catching up brings it in its place. */
  arrive(entry: Entry): Arrival {
    if (entry.number <= this.#last) return "known";
    if (this.#before(entry) > this.#last) return "gap";
    this.#keep(entry);
    return "new";
  }

  /** The answer to catching up. Returns what was not known yet. */
  catchUp(entries: readonly Entry[]): readonly Entry[] {
    const fresh = entries.filter((entry) => entry.number > this.#last).sort((a, b) => a.number - b.number);
    for (const entry of fresh) this.#keep(entry);
    return fresh;
  }

  /** After catching up: the server had nothing visible beyond what we have, up to this number. */
  checked(lastNumber: number): void {
    this.#checked = Math.max(this.#checked, lastNumber);
  }

  /** Whether the server speaks of a number that we have not seen and not asked about. */
  behind(lastNumber: number): boolean {
    return lastNumber > this.#last && lastNumber > this.#checked;
  }

  #keep(entry: Entry): void {
    this.#entries.push(entry);
    this.#last = entry.number;
  }
}

/** A new place belongs to somebody who waits; told a moment too late it must not undo what has happened since. */
export function placed(view: View | null, place: QueuePlace): View | null {
  return view?.state === "waiting" ? { ...view, ...place } : null;
}

/** Runs one catching-up at a time; a wish that comes during one leads to one more afterwards. */
export class CatchUp {
  readonly #work: () => Promise<void>;
  #running = false;
  #again = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  async now(): Promise<void> {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#work();
      }
    } finally {
      this.#running = false;
    }
  }
}
