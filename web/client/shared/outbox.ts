/** Messages sent but not yet confirmed. No document, no socket: both come in through the constructor. */
import type { Entry, Refusal, Sender, Stored } from "./protocol";
import { refusalOf } from "./protocol";

/**
 * sending: on its way. waiting: no answer, goes again by itself. slowed: too fast, goes again by itself.
 * sent: committed. refused: will not go; the words stay with the writer.
 */
export type Delivery = "sending" | "waiting" | "slowed" | "sent" | "refused";

export interface Outgoing {
  readonly key: string; // made here; the server stores each key once
  readonly text: string;
  readonly topic: string | null;
  readonly asIs: boolean; // the writer was asked about what could name them
  readonly at: Date;
  readonly delivery: Delivery;
  readonly refusal: Refusal | null;
  readonly stored: Stored | null; // the entry it became
}

export type Ack = ({ readonly ok: true } & Stored) | Refusal;

export interface OutboxParts {
  /** One attempt; rejects when there was no answer, or a fault of the server. */
  readonly send: (message: Outgoing) => Promise<Ack>;
  readonly show: (message: Outgoing) => void;
  /** Waits that long while there is a connection, otherwise until there is one. */
  readonly pause: (ms: number) => Promise<void>;
  readonly newKey: () => string;
}

const LONGEST_PAUSE_MS = 8_000;

/** The entry that a committed message became: no `entry` event comes for one's own words. */
export function entryOf(message: Outgoing, sender: Sender, name: string | null): Entry | null {
  if (message.stored === null) return null;
  return {
    ...message.stored,
    sender,
    kind: "text",
    text: message.text,
    name,
    clientId: message.key,
    code: null,
    when: null,
    title: null,
    crisis: false,
    noticed: null,
    article: null,
    doors: [],
    suggestions: [],
  };
}

export class Outbox {
  readonly #parts: OutboxParts;
  #queue: Outgoing[] = [];
  #running = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  get pending(): readonly Outgoing[] {
    return this.#queue;
  }

  add(text: string, topic: string | null = null, asIs = false): Outgoing {
    const message = this.#made({ text, topic, asIs });
    this.#queue.push(message);
    this.#parts.show(message);
    void this.#run();
    return message;
  }

  /** Words that were not sent, and will not be: shown with the reason, so that they stay with the writer. */
  keep(text: string, code: string): void {
    this.#parts.show(this.#made({ text, delivery: "refused", refusal: refusalOf(code) }));
  }

  /** The entry itself came back, for instance while catching up after a lost answer. */
  confirm(key: string, stored: Stored): void {
    const message = this.#queue.find((item) => item.key === key);
    if (message !== undefined) this.#settle(message, { delivery: "sent", stored });
  }

  /** Nothing here can be delivered any more; `code` says why. */
  abandon(code: string): void {
    for (const message of [...this.#queue]) this.#settle(message, { delivery: "refused", refusal: refusalOf(code) });
  }

  /** One at a time, so that messages arrive in the order in which they were written. */
  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) await this.#deliver(first.key);
    this.#running = false;
  }

  async #deliver(key: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const message = this.#queue.find((item) => item.key === key);
      if (message === undefined) return; // settled from outside during a pause
      const ack = await this.#parts.send(message).catch(() => null);
      if (!this.#queue.some((item) => item.key === key)) return;
      if (ack === null) {
        this.#change(message, { delivery: "waiting" });
        await this.#parts.pause(Math.min(1_000 * 2 ** attempt, LONGEST_PAUSE_MS));
      } else if (ack.ok) {
        const { number, prev, at } = ack;
        this.#settle(message, { delivery: "sent", stored: { number, prev, at } });
      } else if (ack.code === "too_fast") {
        this.#change(message, { delivery: "slowed" });
        await this.#parts.pause((ack.retryAfter ?? 1) * 1_000);
      } else {
        this.#settle(message, { delivery: "refused", refusal: ack });
      }
    }
  }

  #made(known: Partial<Outgoing> & { text: string }): Outgoing {
    const fresh = { topic: null, asIs: false, at: new Date(), delivery: "sending", refusal: null, stored: null } as const;
    return { key: this.#parts.newKey(), ...fresh, ...known };
  }

  #change(message: Outgoing, news: Partial<Outgoing>): Outgoing {
    const changed = { ...message, ...news };
    this.#queue = this.#queue.map((item) => (item.key === message.key ? changed : item));
    if (changed.delivery !== message.delivery) this.#parts.show(changed);
    return changed;
  }

  #settle(message: Outgoing, news: Partial<Outgoing>): void {
    const settled = this.#change(message, news);
    this.#queue = this.#queue.filter((item) => item.key !== settled.key);
  }
}
