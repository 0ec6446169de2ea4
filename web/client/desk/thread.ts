/** One conversation of this worker: its order, what is not sent yet and the draft. All of it only in memory. */
import type { Outgoing } from "../shared/outbox";
import { Outbox, entryOf } from "../shared/outbox";
import { CatchUp, Thread } from "../chat/thread";
import type { Card, Entry } from "../shared/protocol";
import { parseCard, parseEntries, parseStored } from "../shared/parsers";
import { TellsTyping } from "../shared/typing";
import type { Wire } from "../shared/wire";
import { NoAnswer, newKey } from "../shared/wire";

export interface Listener {
  readonly entries: (conversation: Conversation, fresh: readonly Entry[]) => void;
  readonly card: (conversation: Conversation) => void;
  readonly outgoing: (conversation: Conversation, message: Outgoing) => void;
  /** The server says that it is no longer ours. */
  readonly lost: (conversation: Conversation) => void;
}

function isVisitors(entry: Entry): boolean {
  return entry.sender === "visitor";
}

export class Conversation {
  // The desk gets every number, so the one before must be there.
  readonly thread = new Thread((entry) => entry.number - 1);
  readonly outbox: Outbox;
  /** What was shown of one's own messages and is not an entry yet, also the refused ones. */
  readonly outgoing = new Map<string, Outgoing>();
  readonly #me: string;
  readonly #wire: Wire;
  readonly #listener: Listener;
  readonly #catchUp: CatchUp;
  readonly #tells: TellsTyping;
  #read = 0; // what the server was told
  card: Card;
  draft = "";
  unread = false;

  constructor(card: Card, me: string, wire: Wire, listener: Listener) {
    this.card = card;
    this.#me = me;
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
        return answer.ok ? { ok: true, ...parseStored(answer.body) } : answer;
      },
    });
    this.#tells = new TellsTyping(() => {
      if (this.card.state === "with_staff") void wire.ask("typing", { conversation: this.card.id }).catch(() => null);
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

  /** Offered to a colleague who has not answered: the last thing that was told of an offer. */
  get offered(): boolean {
    const told = this.thread.entries.filter((entry) => entry.code !== null);
    return told[told.length - 1]?.code === "offered";
  }

  /** The worker has it on the screen: the visitor may know, as far as the visitor wrote. */
  seen(): void {
    const number = Math.max(0, ...this.thread.entries.filter(isVisitors).map((entry) => entry.number));
    if (number <= this.#read) return;
    const before = this.#read;
    this.#read = number;
    const payload = { conversation: this.card.id, number };
    void this.#wire.ask("read", payload).catch(() => { this.#read = Math.min(this.#read, before); }); // the next look tells it again
  }

  typed(): void {
    this.#tells.typed();
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
      this.outbox.confirm(entry.clientId, entry);
    }
    if (fresh.length > 0) this.#listener.entries(this, fresh);
  }

  #show(message: Outgoing): void {
    if (message.delivery === "sent") this.outgoing.delete(message.key);
    else this.outgoing.set(message.key, message);
    this.#listener.outgoing(this, message);
    // The acknowledgement is all that comes for one's own words.
    const entry = entryOf(message, "staff", this.#me);
    if (entry !== null) this.arrive(entry);
  }
}
