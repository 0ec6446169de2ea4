/** The payloads of docs/protocol.md. What comes in is `unknown` until parsers.ts has read every field. */

export type Sender = "visitor" | "assistant" | "staff" | "system";
export type Kind = "text" | "card" | "change" | "note";
export type State = "assistant" | "waiting" | "with_staff" | "letter" | "answering" | "answered" | "closed";
export type Status = "available" | "busy" | "break" | "away";
export type Presence = "here" | "away" | "left";

export const PROTOCOL = 2;
export const TEXT_LIMIT = 4000; // characters, counted as the server counts them

export interface Door {
  readonly name: string;
  readonly forWhom: string;
  readonly phone: { readonly shown: string; readonly dial: string } | null;
  readonly url: string | null;
  readonly cost: string | null;
  readonly hours: string | null;
  readonly why: string | null;
}
export interface Article {
  readonly title: string;
  readonly summary: string;
  readonly url: string | null;
}
export interface Suggestion {
  readonly label: string;
  readonly topic: string;
}
export interface Entry {
  readonly number: number;
  readonly prev: number;
  readonly sender: Sender;
  readonly kind: Kind;
  readonly at: Date;
  readonly text: string | null;
  readonly name: string | null;
  readonly clientId: string | null;
  readonly code: string | null;
  readonly when: Date | null; // the moment that a change speaks of
  readonly title: string | null;
  readonly crisis: boolean;
  readonly noticed: string | null; // at the desk: the rule of the triage that saw something in these words
  readonly article: Article | null;
  readonly doors: readonly Door[];
  readonly suggestions: readonly Suggestion[];
}
/** Minutes; without `high`: longer than `low`. */
export interface Wait {
  readonly low: number;
  readonly high: number | null;
}
export interface Offers {
  readonly wait: boolean;
  readonly letter: boolean;
  readonly appointment: boolean;
  readonly reason: string;
  readonly opensAt: Date | null;
}
/** What changes while somebody waits. */
export interface QueuePlace {
  readonly position: number | null;
  readonly wait: Wait | null;
  readonly peoplePresent: boolean;
}
export interface View extends QueuePlace {
  readonly state: State;
  readonly lastNumber: number;
  readonly name: string | null;
  readonly urgent: boolean;
  readonly offers: Offers;
  readonly appointmentAt: Date | null;
  readonly idleEndsAt: Date | null;
}
export interface Slot {
  readonly slot: number;
  readonly at: Date;
}
export interface Card {
  readonly id: string;
  readonly alias: string;
  readonly language: string;
  readonly state: string;
  readonly urgency: 0 | 1 | 2;
  readonly topicLabel: string | null;
  readonly waitingSince: Date | null;
  readonly appointmentAt: Date | null;
  readonly returned: boolean;
  readonly startedAt: Date;
  readonly activeAt: Date;
  readonly lastNumber: number;
  readonly visitor: Presence;
  readonly mine: boolean;
  readonly name: string | null;
  readonly offered: boolean;
}
export interface Colleague {
  readonly staffId: number;
  readonly name: string;
  readonly role: string;
  readonly status: Status;
  readonly busy: number;
  readonly capacity: number;
}
export interface Board {
  readonly waiting: readonly Card[];
  readonly waitingCount: number;
  readonly letters: readonly Card[];
  readonly mine: readonly Card[];
  readonly offered: readonly Card[];
  readonly me: Colleague | null;
  readonly colleagues: readonly Colleague[];
  readonly peoplePresent: boolean;
}
export const DETAIL_KINDS = ["phone", "email", "iban", "citizen_number", "address", "profile"] as const;
export type DetailKind = (typeof DETAIL_KINDS)[number];
/** What the server noticed in the words. */
export interface Noticed {
  readonly kind: DetailKind;
  readonly text: string;
}
export interface Refusal {
  readonly ok: false;
  readonly code: string;
  readonly name: string | null;
  readonly retryAfter: number | null; // seconds
  readonly limit: number | null;
  readonly length: number | null;
  readonly reason: string | null;
  readonly opensAt: Date | null;
  readonly found: readonly Noticed[];
}
/** What the server knows of a message once it is committed. */
export interface Stored {
  readonly number: number;
  readonly prev: number;
  readonly at: Date;
}
export type Fields = Readonly<Record<string, unknown>>;
export interface Accepted {
  readonly ok: true;
  readonly body: Fields;
}
export type Answer = Accepted | Refusal;

export function refusalOf(code: string, more: Partial<Refusal> = {}): Refusal {
  const nothing = { name: null, retryAfter: null, limit: null, length: null, reason: null, opensAt: null, found: [] };
  return { ok: false, code, ...nothing, ...more };
}
