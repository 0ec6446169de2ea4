/** A soft sound for new words of the other side: only where the visitor switched it on, and only for this visit. */
import type { Store } from "./kept";

const NAME = "sound";
const EVERY_MS = 5_000; // several messages in a row are one sound
const LOUDNESS = 0.05;
const TONES = [587, 784]; // two notes that go up
const NOTE_SECONDS = 0.16;

export interface SoundParts {
  /** Null where the browser makes no sound. */
  readonly play: (() => void) | null;
  readonly store: Store | null;
}

export class Sound {
  readonly #parts: SoundParts;
  #on: boolean;
  #last = Number.NEGATIVE_INFINITY;

  constructor(parts: SoundParts) {
    this.#parts = parts;
    this.#on = this.possible && parts.store?.getItem(NAME) === "1";
  }

  get possible(): boolean {
    return this.#parts.play !== null;
  }

  get on(): boolean {
    return this.#on;
  }

  /** Switched on it sounds once, so that the visitor knows what it will be like. */
  toggle(nowMs = performance.now()): void {
    this.#on = !this.#on && this.possible;
    if (this.#on) this.#parts.store?.setItem(NAME, "1");
    else this.#parts.store?.removeItem(NAME);
    this.#last = Number.NEGATIVE_INFINITY;
    this.heard(nowMs);
  }

  /** New words of the other side. */
  heard(nowMs = performance.now()): void {
    if (!this.#on || nowMs - this.#last < EVERY_MS) return;
    this.#last = nowMs;
    this.#parts.play?.();
  }
}

/** Plays the notes; null without WebAudio. The browser allows it after the visitor pressed something on the page. */
export function chime(): (() => void) | null {
  if (!("AudioContext" in window)) return null;
  let context: AudioContext | null = null;
  return () => {
    context ??= new AudioContext();
    if (context.state === "running") notes(context);
    else void context.resume().then(() => { if (context !== null) notes(context); });
  };
}

function notes(context: AudioContext): void {
  TONES.forEach((tone, index) => {
    const start = context.currentTime + index * NOTE_SECONDS;
    const source = new OscillatorNode(context, { type: "sine", frequency: tone });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 2 * NOTE_SECONDS);
    source.connect(volume).connect(context.destination);
    source.start(start);
    source.stop(start + 2 * NOTE_SECONDS);
  });
}
