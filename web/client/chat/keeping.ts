/** Where unsent words stand (the outbox, the field, the letter), and that they come back after a reload. */
import type { Composer } from "../shared/composer";
import { byId } from "../shared/dom";
import type { Outbox } from "../shared/outbox";
import { Kept, fromBase64, tabStore } from "./kept";
import type { Words } from "./kept";
import type { Later } from "./later";
import { LEAVING } from "./leave";

export interface KeepingParts {
  readonly outbox: Outbox;
  readonly composer: Composer;
  readonly later: Later;
  /** The words that the visitor is being asked about. */
  readonly asked: () => string;
}

export class Keeping {
  readonly #parts: KeepingParts;
  readonly #kept: Kept;
  /** What was kept is back in its place. */
  readonly ready: Promise<void>;
  #over = false;

  constructor(parts: KeepingParts) {
    this.#parts = parts;
    const room = byId("room", HTMLElement);
    const secret = fromBase64(room.dataset.keep ?? "");
    delete room.dataset.keep;
    // Browsers have it on secure pages only, whatever the types say.
    const subtle = (crypto.subtle as SubtleCrypto | undefined) ?? null;
    this.#kept = new Kept({ store: tabStore(), subtle, secret });
    this.ready = this.#restore();
    document.addEventListener("input", () => { this.keep(); });
    document.addEventListener(LEAVING, () => { this.end(); });
    window.addEventListener("beforeunload", (event) => {
      if (!this.#kept.works && !this.#over && this.#hasWords()) event.preventDefault();
    });
  }

  /** After every change of what is not sent. */
  keep(): void {
    if (!this.#over) this.#kept.save(this.#words());
  }

  /** The conversation is over, or is being left: nothing of it stays in this browser. */
  end(): void {
    this.#over = true;
    this.#kept.end();
  }

  async #restore(): Promise<void> {
    const words = await this.#kept.load();
    if (words === null || this.#over) return;
    this.#parts.outbox.restore(words.pending);
    if (words.draft.trim() !== "") this.#parts.composer.take(words.draft, false);
    if (words.letter.text.trim() !== "") this.#parts.later.restore(words.letter);
  }

  #words(): Words {
    const pending = this.#parts.outbox.pending.map(({ key, text, topic, asIs, at }) => ({ key, text, topic, asIs, at }));
    return { pending, draft: this.#parts.asked() || this.#parts.composer.words, letter: this.#parts.later.unsent };
  }

  #hasWords(): boolean {
    const { pending, draft, letter } = this.#words();
    return pending.length > 0 || `${draft}${letter.text}`.trim() !== "";
  }
}
