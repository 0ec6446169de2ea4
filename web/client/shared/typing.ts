/** 'The other is writing': told now and then, believed for a few seconds, kept nowhere. */

const TELL_EVERY_MS = 3_000;
const BELIEVE_MS = 6_000;

/** Runs `tell` at most once in three seconds, however fast somebody types. */
export class TellsTyping {
  readonly #tell: () => void;
  #last = Number.NEGATIVE_INFINITY;

  constructor(tell: () => void) {
    this.#tell = tell;
  }

  typed(nowMs = performance.now()): void {
    if (nowMs - this.#last < TELL_EVERY_MS) return;
    this.#last = nowMs;
    this.#tell();
  }
}

/** Shows words while the other writes; they go by themselves, because 'stopped' is never told. */
export class ShowsTyping {
  readonly #show: (writing: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(show: (writing: boolean) => void) {
    this.#show = show;
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.stopped();
    }, BELIEVE_MS);
    this.#show(true);
  }

  /** Their words are here, or they are gone. */
  stopped(): void {
    clearTimeout(this.#timer);
    this.#show(false);
  }
}
