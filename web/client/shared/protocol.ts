/** The payloads of docs/protocol.md: what comes in is `unknown` until a parser here has read every field. */

export type Sender = "visitor" | "assistant" | "staff" | "system";
export type Kind = "text" | "card" | "change" | "note";
export type State = "assistant" | "waiting" | "with_staff" | "closed";
export type Presence = "here" | "away" | "left";

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
  readonly title: string | null;
  readonly crisis: boolean;
  readonly article: Article | null;
  readonly doors: readonly Door[];
  readonly suggestions: readonly Suggestion[];
}
export interface View {
  readonly state: State;
  readonly lastNumber: number;
  readonly name: string | null;
  readonly position: number | null;
  readonly peoplePresent: boolean;
  readonly urgent: boolean;
}
export interface Card {
  readonly id: string;
  readonly alias: string;
  readonly language: string;
  readonly state: string;
  readonly urgency: 0 | 1 | 2;
  readonly topicLabel: string | null;
  readonly waitingSince: Date | null;
  readonly startedAt: Date;
  readonly lastNumber: number;
  readonly visitor: Presence;
  readonly mine: boolean;
  readonly name: string | null;
}
export interface Colleague {
  readonly name: string;
  readonly role: string;
  readonly busy: number;
}
export interface Board {
  readonly waiting: readonly Card[];
  readonly mine: readonly Card[];
  readonly colleagues: readonly Colleague[];
  readonly peoplePresent: boolean;
}
export interface Refusal {
  readonly ok: false;
  readonly code: string;
  readonly name: string | null;
  readonly retryAfter: number | null; // seconds
  readonly limit: number | null;
  readonly length: number | null;
}
export type Fields = Readonly<Record<string, unknown>>;
export interface Accepted {
  readonly ok: true;
  readonly body: Fields;
}
export type Answer = Accepted | Refusal;

/** A payload that is not what the protocol says; the message names the field, never its content. */
export class BadPayload extends Error {}

function fields(value: unknown, where: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new BadPayload(where);
  return value as Fields;
}

function string(from: Fields, key: string): string {
  const value = from[key];
  if (typeof value !== "string") throw new BadPayload(key);
  return value;
}

function stringOrNull(from: Fields, key: string): string | null {
  return from[key] === undefined || from[key] === null ? null : string(from, key);
}

function whole(from: Fields, key: string): number {
  const value = from[key];
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) throw new BadPayload(key);
  return value;
}

function numberOrNull(from: Fields, key: string): number | null {
  const value = from[key];
  if (value === undefined || value === null) return null;
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) throw new BadPayload(key);
  return value;
}

function bool(from: Fields, key: string): boolean {
  const value = from[key];
  if (typeof value !== "boolean") throw new BadPayload(key);
  return value;
}

function date(from: Fields, key: string): Date {
  const value = new Date(string(from, key));
  if (Number.isNaN(value.getTime())) throw new BadPayload(key);
  return value;
}

function dateOrNull(from: Fields, key: string): Date | null {
  return from[key] === undefined || from[key] === null ? null : date(from, key);
}

function oneOf<T extends string>(from: Fields, key: string, allowed: readonly T[]): T {
  const value = from[key];
  const found = allowed.find((item) => item === value);
  if (found === undefined) throw new BadPayload(key);
  return found;
}

function list<T>(from: Fields, key: string, read: (item: unknown) => T, optional = false): readonly T[] {
  const value = from[key];
  if (optional && (value === undefined || value === null)) return [];
  if (!Array.isArray(value)) throw new BadPayload(key);
  return value.map(read);
}

/** Only addresses of the web and of our own site: a link must never run anything. */
function link(from: Fields, key: string): string | null {
  const value = stringOrNull(from, key);
  return value !== null && /^(https?:\/\/|\/(?!\/))/i.test(value) ? value : null;
}

function door(value: unknown): Door {
  const from = fields(value, "doors");
  const phone = from.phone === undefined || from.phone === null ? null : fields(from.phone, "phone");
  const dial = phone === null ? "" : string(phone, "dial");
  if (!/^[0-9+*#]*$/.test(dial)) throw new BadPayload("dial");
  return {
    name: string(from, "name"),
    forWhom: string(from, "for_whom"),
    phone: phone === null ? null : { shown: string(phone, "shown"), dial },
    url: link(from, "url"),
    cost: stringOrNull(from, "cost"),
    hours: stringOrNull(from, "hours"),
    why: stringOrNull(from, "why"),
  };
}

function article(value: unknown): Article | null {
  if (value === undefined || value === null) return null;
  const from = fields(value, "article");
  return { title: string(from, "title"), summary: string(from, "summary"), url: link(from, "url") };
}

function suggestion(value: unknown): Suggestion {
  const from = fields(value, "suggestions");
  return { label: string(from, "label"), topic: string(from, "topic") };
}

export function parseEntry(value: unknown): Entry {
  const from = fields(value, "entry");
  return {
    number: whole(from, "number"),
    prev: whole(from, "prev"),
    sender: oneOf(from, "sender", ["visitor", "assistant", "staff", "system"]),
    kind: oneOf(from, "kind", ["text", "card", "change", "note"]),
    at: date(from, "at"),
    text: stringOrNull(from, "text"),
    name: stringOrNull(from, "name"),
    clientId: stringOrNull(from, "client_id"),
    code: stringOrNull(from, "code"),
    title: stringOrNull(from, "title"),
    crisis: from.crisis === true,
    article: article(from.article),
    doors: list(from, "doors", door, true),
    suggestions: list(from, "suggestions", suggestion, true),
  };
}

export function parseEntries(body: Fields): readonly Entry[] {
  return list(body, "entries", parseEntry);
}

export function parseView(value: unknown): View {
  const from = fields(value, "view");
  return {
    state: oneOf(from, "state", ["assistant", "waiting", "with_staff", "closed"]),
    lastNumber: whole(from, "last_number"),
    name: stringOrNull(from, "name"),
    position: numberOrNull(from, "position"),
    peoplePresent: bool(from, "people_present"),
    urgent: bool(from, "urgent"),
  };
}

export function parseCard(value: unknown): Card {
  const from = fields(value, "conversation");
  const urgency = whole(from, "urgency");
  return {
    id: string(from, "id"),
    alias: string(from, "alias"),
    language: string(from, "language"),
    state: string(from, "state"),
    urgency: urgency >= 2 ? 2 : urgency === 1 ? 1 : 0,
    topicLabel: stringOrNull(from, "topic_label"),
    waitingSince: dateOrNull(from, "waiting_since"),
    startedAt: date(from, "started_at"),
    lastNumber: whole(from, "last_number"),
    visitor: oneOf(from, "visitor", ["here", "away", "left"]),
    mine: bool(from, "mine"),
    name: stringOrNull(from, "name"),
  };
}

export function parseBoard(value: unknown): Board {
  const from = fields(value, "board");
  const colleague = (item: unknown): Colleague => {
    const person = fields(item, "colleagues");
    return { name: string(person, "name"), role: string(person, "role"), busy: whole(person, "busy") };
  };
  return {
    waiting: list(from, "waiting", parseCard),
    mine: list(from, "mine", parseCard),
    colleagues: list(from, "colleagues", colleague),
    peoplePresent: bool(from, "people_present"),
  };
}

/** The event `entry` at the desk says of which conversation it is. */
export function parseDeskEntry(value: unknown): { conversation: string; entry: Entry } {
  const from = fields(value, "entry");
  return { conversation: string(from, "conversation"), entry: parseEntry(from.entry) };
}

export function parseAnswer(value: unknown): Answer {
  const from = fields(value, "acknowledgement");
  if (bool(from, "ok")) return { ok: true, body: from };
  return {
    ok: false,
    code: string(from, "code"),
    name: stringOrNull(from, "name"),
    retryAfter: numberOrNull(from, "retry_after"),
    limit: numberOrNull(from, "limit"),
    length: numberOrNull(from, "length"),
  };
}

export function parseNumber(body: Fields): number {
  return whole(body, "number");
}
