/** One conversation of this worker: its order, what is not sent yet and the draft. All of it only in memory. */
import type { Outgoing } from "../shared/outbox";
import { Outbox } from "../shared/outbox";
import { CatchUp, Thread } from "../chat/thread";
import type { Card, Entry } from "../shared/protocol";
import { parseCard, parseEntries, parseNumber } from "../shared/protocol";
import type { Wire } from "../shared/wire";
import { NoAnswer, newKey } from "../shared/wire";

export interface Listener {
  readonly entries: (conversation: Conversation, fresh: readonly Entry[]) => void;
  readonly card: (conversation: Conversation) => void;
  readonly outgoing: (conversation: Conversation, message: Outgoing) => void;
  /** The server says that it is no longer ours. */
  readonly lost: (conversation: Conversation) => void;
}

export class Conversation {
  // The desk gets every number, so the one before must be there.
  readonly thread = new Thread((entry) => entry.number - 1);
  readonly outbox: Outbox;
  /** What was shown of one's own messages and is not an entry yet, also the refused ones. */
  readonly outgoing = new Map<string, Outgoing>();
  readonly #wire: Wire;
  readonly #listener: Listener;
  readonly #catchUp: CatchUp;
  card: Card;
  draft = "";
  unread = false;

  constructor(card: Card, wire: Wire, listener: Listener) {
    this.card = card;
    this.#wire = wire;
    this.#listener = listener;
    this.outbox = new Outbox({
      newKey,
      pause: (ms) => wire.pause(ms),
      show: (message) => {
        this.#show(message);
      },
      send: async ({ key, text }) => {
        const answer = await wire.ask("reply", { conversation: this.card.id, client_id: key, text });
        return answer.ok ? { ok: true, number: parseNumber(answer.body) } : answer;
      },
    });
    this.#catchUp = new CatchUp(() => this.#history());
  }

  arrive(entry: Entry): void {
    const arrival = this.thread.arrive(entry);
    if (arrival === "gap") this.catchUp();
    if (arrival === "new") this.#take([entry]);
  }

  /** The entries that came with a claim or with catching up. */
  load(card: Card, entries: readonly Entry[]): void {
    this.update(card);
    this.#take(this.thread.catchUp(entries));
    this.thread.checked(card.lastNumber);
  }

  update(card: Card): void {
    this.card = card;
    this.#listener.card(this);
  }

  catchUp(): void {
    void this.#catchUp.now();
  }

  forget(key: string): void {
    this.outgoing.delete(key);
  }

  async #history(): Promise<void> {
    try {
      const answer = await this.#wire.ask("history", { conversation: this.card.id, after: this.thread.last });
      if (answer.ok) this.load(parseCard(answer.body.conversation), parseEntries(answer.body));
      else this.#listener.lost(this);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (this.#wire.up) window.setTimeout(() => { this.catchUp(); }, 2_000);
    }
  }

  #take(fresh: readonly Entry[]): void {
    for (const entry of fresh) {
      if (entry.clientId === null) continue;
      this.outgoing.delete(entry.clientId);
      this.outbox.confirm(entry.clientId, entry.number);
    }
    if (fresh.length > 0) this.#listener.entries(this, fresh);
  }

  #show(message: Outgoing): void {
    if (message.delivery === "sent") this.outgoing.delete(message.key);
    else this.outgoing.set(message.key, message);
    this.#listener.outgoing(this, message);
    if (message.number !== null && this.thread.behind(message.number)) {
      const { number } = message;
      window.setTimeout(() => { if (this.thread.behind(number)) this.catchUp(); }, 2_000);
    }
  }
}
