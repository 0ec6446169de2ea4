/**
 * Words that are not sent yet, kept in this tab for a reload, a crash or another page: sealed, and gone with the end.
 * The key comes with the page and opens what one conversation kept; without its cookie nobody gets that page.
 */
import type { Pending } from "../shared/outbox";

export interface Letter {
  readonly text: string;
  readonly key: string | null;
  /** Whether its page was in sight. */
  readonly open?: boolean;
}

export interface Words {
  readonly pending: readonly Pending[];
  readonly draft: string;
  /** A letter that is on its way keeps the key that it was sent with. */
  readonly letter: Letter;
}

export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export interface KeptParts {
  readonly store: Store | null;
  readonly subtle: SubtleCrypto | null;
  readonly secret: Uint8Array<ArrayBuffer>;
}

export const KEPT = "kept";
const IV_BYTES = 12;

export class Kept {
  readonly #store: Store | null;
  readonly #subtle: SubtleCrypto | null;
  readonly #key: Promise<CryptoKey | null>;
  readonly #found: string | null;
  #next: Words | null = null;
  #running = false;
  #works: boolean;

  constructor({ store, subtle, secret }: KeptParts) {
    this.#store = store;
    this.#subtle = subtle;
    this.#works = store !== null && subtle !== null;
    this.#found = this.#works ? (store?.getItem(KEPT) ?? null) : null;
    this.#key = this.#import(secret);
  }

  /** Whether a reload loses nothing. */
  get works(): boolean {
    return this.#works;
  }

  /** What was kept before this page; null if nothing was, or if it belongs to another conversation. */
  async load(): Promise<Words | null> {
    const key = await this.#key;
    if (this.#found === null || key === null || this.#subtle === null) return null;
    try {
      const sealed = fromBase64(this.#found);
      const iv = sealed.slice(0, IV_BYTES);
      const plain = await this.#subtle.decrypt({ name: "AES-GCM", iv }, key, sealed.slice(IV_BYTES));
      return read(JSON.parse(new TextDecoder().decode(plain)));
    } catch {
      return null;
    }
  }

  /** The last state wins; nothing is written in the clear, not even for a moment. */
  save(words: Words): void {
    if (!this.#works) return;
    this.#next = words;
    if (!this.#running) void this.#run();
  }

  /** It is over: nothing stays, and nothing is written any more. */
  end(): void {
    this.#works = false;
    this.#next = null;
    try {
      this.#store?.removeItem(KEPT);
    } catch {
      // A storage that cannot be reached has kept nothing.
    }
  }

  async #run(): Promise<void> {
    this.#running = true;
    const key = await this.#key;
    for (let words = this.#next; words !== null && key !== null; words = this.#next) {
      this.#next = null;
      try {
        const sealed = isEmpty(words) ? null : await this.#seal(key, words);
        if (!this.#works) break; // it ended meanwhile
        if (sealed === null) this.#store?.removeItem(KEPT);
        else this.#store?.setItem(KEPT, sealed);
      } catch {
        this.#works = false; // full, or forbidden: then leaving the page asks first
      }
    }
    this.#running = false;
  }

  async #seal(key: CryptoKey, words: Words): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const plain = new TextEncoder().encode(JSON.stringify(words));
    const sealed = await this.#subtle?.encrypt({ name: "AES-GCM", iv }, key, plain);
    return toBase64(iv) + toBase64(new Uint8Array(sealed ?? new ArrayBuffer(0)));
  }

  async #import(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey | null> {
    try {
      return (await this.#subtle?.importKey("raw", secret, "AES-GCM", false, ["encrypt", "decrypt"])) ?? null;
    } catch {
      this.#works = false;
      return null;
    }
  }
}

function isEmpty(words: Words): boolean {
  return words.pending.length === 0 && words.draft.trim() === "" && words.letter.text.trim() === "";
}

/** Only we can have sealed it, but an older page may have meant something else by it. */
function read(value: unknown): Words | null {
  const { pending, draft, letter } = value as Words;
  if (!Array.isArray(pending) || typeof draft !== "string" || typeof letter.text !== "string") return null;
  return { pending: pending.map((message: Pending) => ({ ...message, at: new Date(message.at) })), draft, letter };
}

/** 12 bytes are 16 characters without padding, so the two parts can stand behind each other. */
function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export function fromBase64(words: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(words), (character) => character.charCodeAt(0));
}

/** This tab's storage, where the browser allows one. */
export function tabStore(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
