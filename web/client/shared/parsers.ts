/** Reads every field of what the server sends; what is not as docs/protocol.md says goes no further. */
import type {
  Answer,
  Article,
  Board,
  Card,
  Colleague,
  Door,
  Entry,
  Fields,
  Noticed,
  Offers,
  QueuePlace,
  Slot,
  Stored,
  Suggestion,
  View,
  Wait,
} from "./protocol";
import { DETAIL_KINDS, refusalOf } from "./protocol";

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
    when: dateOrNull(from, "when"),
    title: stringOrNull(from, "title"),
    crisis: from.crisis === true,
    noticed: stringOrNull(from, "noticed"),
    article: article(from.article),
    doors: list(from, "doors", door, true),
    suggestions: list(from, "suggestions", suggestion, true),
  };
}

export function parseEntries(body: Fields): readonly Entry[] {
  return list(body, "entries", parseEntry);
}

function wait(value: unknown): Wait | null {
  if (value === undefined || value === null) return null;
  const from = fields(value, "wait");
  return { low: whole(from, "low"), high: numberOrNull(from, "high") };
}

function offers(value: unknown): Offers {
  const from = fields(value, "offers");
  return {
    wait: bool(from, "wait"),
    letter: bool(from, "letter"),
    appointment: bool(from, "appointment"),
    reason: string(from, "reason"),
    opensAt: dateOrNull(from, "opens_at"),
  };
}

export function parsePlace(value: unknown): QueuePlace {
  const from = fields(value, "place");
  return {
    position: numberOrNull(from, "position"),
    wait: wait(from.wait),
    peoplePresent: bool(from, "people_present"),
  };
}

export function parseView(value: unknown): View {
  const from = fields(value, "view");
  return {
    ...parsePlace(value),
    state: oneOf(from, "state", ["assistant", "waiting", "with_staff", "letter", "answering", "answered", "closed"]),
    lastNumber: whole(from, "last_number"),
    name: stringOrNull(from, "name"),
    urgent: bool(from, "urgent"),
    offers: offers(from.offers),
    appointmentAt: dateOrNull(from, "appointment_at"),
    idleEndsAt: dateOrNull(from, "idle_ends_at"),
  };
}

/** The seven words of the acknowledgement of a letter or an appointment. */
export function parseCode(body: Fields): readonly string[] {
  return list(body, "code", (word) => string({ word }, "word"));
}

export function parseSlots(body: Fields): readonly Slot[] {
  return list(body, "slots", (item) => {
    const from = fields(item, "slots");
    return { slot: whole(from, "slot"), at: date(from, "at") };
  });
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
    appointmentAt: dateOrNull(from, "appointment_at"),
    returned: bool(from, "returned"),
    startedAt: date(from, "started_at"),
    activeAt: date(from, "active_at"),
    lastNumber: whole(from, "last_number"),
    visitor: oneOf(from, "visitor", ["here", "away", "left"]),
    mine: bool(from, "mine"),
    name: stringOrNull(from, "name"),
    offered: bool(from, "offered"),
  };
}

function colleague(value: unknown): Colleague {
  const from = fields(value, "colleagues");
  return {
    staffId: whole(from, "staff_id"),
    name: string(from, "name"),
    role: string(from, "role"),
    status: oneOf(from, "status", ["available", "busy", "break", "away"]),
    busy: whole(from, "busy"),
    capacity: whole(from, "capacity"),
  };
}

export function parseBoard(value: unknown): Board {
  const from = fields(value, "board");
  return {
    waiting: list(from, "waiting", parseCard),
    waitingCount: whole(from, "waiting_count"),
    letters: list(from, "letters", parseCard),
    mine: list(from, "mine", parseCard),
    offered: list(from, "offered", parseCard),
    me: from.me === null || from.me === undefined ? null : colleague(from.me),
    colleagues: list(from, "colleagues", colleague),
    peoplePresent: bool(from, "people_present"),
  };
}

/** Of which conversation an event at the desk is. */
export function parseConversation(value: unknown): string {
  return string(fields(value, "event"), "conversation");
}

/** The event `entry` at the desk says of which conversation it is. */
export function parseDeskEntry(value: unknown): { conversation: string; entry: Entry } {
  const from = fields(value, "entry");
  return { conversation: string(from, "conversation"), entry: parseEntry(from.entry) };
}

export function parseAnswer(value: unknown): Answer {
  const from = fields(value, "acknowledgement");
  if (bool(from, "ok")) return { ok: true, body: from };
  return refusalOf(string(from, "code"), {
    name: stringOrNull(from, "name"),
    retryAfter: numberOrNull(from, "retry_after"),
    limit: numberOrNull(from, "limit"),
    length: numberOrNull(from, "length"),
    reason: stringOrNull(from, "reason"),
    opensAt: dateOrNull(from, "opens_at"),
    found: list(from, "found", noticed, true).filter((one) => one !== null),
  });
}

/** Null: of a kind that came after this page. */
function noticed(value: unknown): Noticed | null {
  const from = fields(value, "found");
  const kind = DETAIL_KINDS.find((known) => known === from.kind);
  return kind === undefined ? null : { kind, text: string(from, "text") };
}

export function parseStored(body: Fields): Stored {
  return { number: whole(body, "number"), prev: whole(body, "prev"), at: date(body, "at") };
}
