/** The socket: WebSocket only, every event answered within ten seconds, and reconnecting that can be put into words. */
import { io } from "socket.io-client";
import { parseAnswer } from "./parsers";
import type { Answer } from "./protocol";
import { PROTOCOL } from "./protocol";

const ANSWER_WITHIN_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;

/** Down: `retryInMs` until the next attempt, 0 while an attempt runs; null: this page is too old to connect again. */
export type Link = { readonly up: true } | { readonly up: false; readonly retryInMs: number | null };

export interface WireParts {
  readonly namespace: "/chat" | "/desk";
  readonly events: Readonly<Record<string, (payload: unknown) => void>>;
  readonly onLink: (link: Link) => void;
  readonly onConnect: () => void;
  /** The server does not know us (any more); trying again would not help. */
  readonly onRefused: () => void;
}

/** No connection, no acknowledgement in time, or a fault of the server: the same thing may be sent again. */
export class NoAnswer extends Error {}

export class Wire {
  readonly #socket;
  readonly #parts: WireParts;
  readonly #waking = new Set<() => void>();
  #attempts = 0;
  #timer: number | undefined;
  #ended = false;
  #outdated = false;

  constructor(parts: WireParts) {
    this.#parts = parts;
    // Reconnecting is ours, because the visitor is told when the next attempt comes.
    this.#socket = io(parts.namespace, {
      transports: ["websocket"],
      reconnection: false,
      autoConnect: false,
      auth: { protocol: PROTOCOL },
    });
    for (const [event, handle] of Object.entries(parts.events)) this.#socket.on(event, handle);
    this.#socket.on("connect", () => {
      this.#connected();
    });
    this.#socket.on("disconnect", () => {
      this.#lost();
    });
    this.#socket.on("connect_error", (error) => {
      if (error.message === "not_found") this.#refused();
      else if (error.message === "outdated") this.#tooOld();
      else this.#lost();
    });
    window.addEventListener("online", () => {
      this.retryNow();
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.retryNow();
    });
    this.#socket.connect();
  }

  get up(): boolean {
    return this.#socket.connected;
  }

  /** The visitor's own wish: with a page that is too old, a new page is the only way. */
  tryNow(): void {
    if (this.#outdated) window.location.reload();
    else this.retryNow();
  }

  retryNow(): void {
    if (this.#timer === undefined || this.#ended) return;
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#parts.onLink({ up: false, retryInMs: 0 });
    this.#socket.connect();
  }

  /** One attempt. Rejects with NoAnswer; a refusal is an answer. */
  async ask(event: string, payload: Readonly<Record<string, unknown>>): Promise<Answer> {
    // A disconnected socket would keep the event and send it much later, behind our back.
    if (!this.up) throw new NoAnswer("offline");
    const reply: unknown = await this.#socket
      .timeout(ANSWER_WITHIN_MS)
      .emitWithAck(event, payload)
      .catch(() => {
        throw new NoAnswer("unanswered");
      });
    const answer = parseAnswer(reply);
    if (!answer.ok && (answer.code === "busy" || answer.code === "internal")) throw new NoAnswer(answer.code);
    return answer;
  }

  /** Waits before a repeat: `ms` while connected, otherwise until there is a connection again. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waking.delete(wake);
        resolve();
      };
      if (this.up) window.setTimeout(wake, ms);
      else this.#waking.add(wake);
    });
  }

  /** Asks until there is an answer. The payload carries a client_id, so a repeat changes nothing. */
  async insist(event: string, payload: Readonly<Record<string, unknown>>): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await this.ask(event, payload);
        if (answer.ok || answer.code !== "too_fast") return answer;
        await this.pause((answer.retryAfter ?? 1) * 1000);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        await this.pause(Math.min(1_000 * 2 ** attempt, 8_000));
      }
    }
  }

  end(): void {
    this.#ended = true;
    window.clearTimeout(this.#timer);
    this.#socket.disconnect();
  }

  #connected(): void {
    this.#attempts = 0;
    this.#parts.onLink({ up: true });
    this.#parts.onConnect();
    for (const wake of [...this.#waking]) wake();
  }

  #lost(): void {
    if (this.#ended || this.#timer !== undefined) return;
    const longest = Math.min(FIRST_RETRY_MS * 2 ** this.#attempts, LONGEST_RETRY_MS);
    // Spread out: after a restart of the server not everyone comes back in the same moment.
    const retryInMs = Math.round(longest * (0.75 + Math.random() / 2));
    this.#attempts += 1;
    this.#parts.onLink({ up: false, retryInMs });
    this.#timer = window.setTimeout(() => {
      this.retryNow();
    }, retryInMs);
  }

  /** Not by itself: what is not sent yet would be gone. */
  #tooOld(): void {
    this.#outdated = true;
    this.end();
    this.#parts.onLink({ up: false, retryInMs: null });
  }

  #refused(): void {
    this.end();
    this.#parts.onRefused();
  }
}

/** A key that the server stores once; works on plain http too, unlike crypto.randomUUID. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
