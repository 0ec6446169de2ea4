import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BadPayload,
  parseAnswer,
  parseBoard,
  parseCard,
  parseCode,
  parseDeskEntry,
  parseEntries,
  parseEntry,
  parsePlace,
  parseSlots,
  parseStored,
  parseView,
} from "../shared/parsers";

const AT = "2026-11-24T09:30:00.123Z";
const ENTRY = { number: 3, prev: 1, sender: "assistant", kind: "text", at: AT, text: "words" };
const DOOR = {
  name: "Stop it Now",
  for_whom: "for whom",
  phone: { shown: "0800-2666436", dial: "08002666436" },
  url: "https://example.org/",
  cost: "free",
  hours: null,
  why: null,
};
const OFFERS = { wait: false, letter: true, appointment: true, reason: "closed", opens_at: AT, closes_at: null };
const VIEW = {
  state: "waiting",
  last_number: 3,
  name: null,
  position: 2,
  wait: { low: 10, high: 20 },
  people_present: false,
  urgent: false,
  offers: OFFERS,
  appointment_at: null,
  idle_ends_at: null,
};
const CARD = {
  id: "0b7e",
  alias: "Wilg-12",
  language: "nl",
  state: "waiting",
  urgency: 2,
  topic: null,
  topic_label: null,
  waiting_since: AT,
  appointment_at: null,
  returned: false,
  active_at: AT,
  started_at: AT,
  last_number: 4,
  visitor: "here",
  mine: false,
  name: null,
  offered: false,
};
const COLLEAGUE = { staff_id: 7, name: "Sem", role: "counsellor", status: "break", busy: 2, capacity: 3, languages: ["nl"] };

describe("entries", () => {
  it("reads a plain entry", () => {
    const entry = parseEntry(ENTRY);
    assert.equal(entry.text, "words");
    assert.equal(entry.at.toISOString(), AT);
    assert.deepEqual([entry.clientId, entry.article, entry.doors, entry.suggestions, entry.crisis], [null, null, [], [], false]);
  });

  it("reads a card with doors, an article and suggestions", () => {
    const entry = parseEntry({
      ...ENTRY,
      kind: "card",
      crisis: true,
      title: "title",
      doors: [DOOR],
      article: { title: "t", summary: "s", url: "/nl/bezoek" },
      suggestions: [{ label: "A person", topic: "human" }],
    });
    assert.equal(entry.doors[0]?.phone?.dial, "08002666436");
    assert.equal(entry.article?.url, "/nl/bezoek");
    assert.equal(entry.suggestions[0]?.topic, "human");
    assert.equal(entry.crisis, true);
    assert.equal(entry.noticed, null);
  });

  it("reads what the triage saw, for the desk", () => {
    assert.equal(parseEntry({ ...ENTRY, noticed: "hopeless" }).noticed, "hopeless");
  });

  it("never makes a link that could run something or leave by a trick", () => {
    for (const url of ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//elsewhere.example"]) {
      assert.equal(parseEntry({ ...ENTRY, article: { title: "t", summary: "s", url } }).article?.url, null);
      assert.equal(parseEntry({ ...ENTRY, doors: [{ ...DOOR, url }] }).doors[0]?.url, null);
    }
    assert.throws(() => parseEntry({ ...ENTRY, doors: [{ ...DOOR, phone: { shown: "x", dial: "1;ext=2" } }] }), BadPayload);
  });

  it("refuses what the protocol does not know, and names only the field", () => {
    const wrong = [
      { ...ENTRY, number: "3" },
      { ...ENTRY, number: -1 },
      { ...ENTRY, number: 1.5 },
      { ...ENTRY, prev: undefined },
      { ...ENTRY, sender: "someone" },
      { ...ENTRY, kind: "html" },
      { ...ENTRY, at: "yesterday" },
      { ...ENTRY, text: { toString: "secret" } },
      { ...ENTRY, doors: "none" },
      { ...ENTRY, suggestions: [{ label: "only" }] },
      null,
      [],
      "entry",
    ];
    for (const value of wrong) {
      assert.throws(() => parseEntry(value), (error) => error instanceof BadPayload && !error.message.includes("secret"));
    }
    assert.throws(() => parseEntries({ entries: [ENTRY, {}] }), BadPayload);
    assert.throws(() => parseEntries({}), BadPayload);
  });

  it("reads of which conversation a desk entry is", () => {
    const { conversation, entry } = parseDeskEntry({ conversation: "0b7e", entry: ENTRY });
    assert.equal(conversation, "0b7e");
    assert.equal(entry.number, 3);
  });
});

describe("view, card and board", () => {
  it("reads the state of a conversation", () => {
    const view = parseView(VIEW);
    assert.deepEqual([view.state, view.position, view.peoplePresent], ["waiting", 2, false]);
    assert.throws(() => parseView({ ...VIEW, state: "asleep" }), BadPayload);
    assert.throws(() => parseView({ ...VIEW, people_present: "no" }), BadPayload);
    assert.deepEqual(view.wait, { low: 10, high: 20 });
    assert.equal(parseView({ ...VIEW, wait: { low: 90, high: null } }).wait?.high, null);
    assert.equal(parseView({ ...VIEW, wait: null }).wait, null);
    assert.deepEqual([view.offers.letter, view.offers.reason, view.offers.opensAt?.toISOString()], [true, "closed", AT]);
    assert.equal(parseView({ ...VIEW, state: "answered", appointment_at: AT }).appointmentAt?.toISOString(), AT);
  });

  it("reads a place, the words of a code and free times", () => {
    assert.deepEqual(parsePlace({ position: 4, wait: null, people_present: true }), {
      position: 4,
      wait: null,
      peoplePresent: true,
    });
    assert.deepEqual(parseCode({ code: ["molen", "zacht"] }), ["molen", "zacht"]);
    assert.throws(() => parseCode({ code: ["molen", 7] }), BadPayload);
    const [slot] = parseSlots({ slots: [{ slot: 3, at: AT }] });
    assert.deepEqual([slot?.slot, slot?.at.toISOString()], [3, AT]);
    assert.throws(() => parseSlots({ slots: [{ slot: 3, at: "soon" }] }), BadPayload);
  });

  it("reads a card and a board", () => {
    const board = parseBoard({
      waiting: [CARD],
      waiting_count: 61,
      letters: [],
      offered: [{ ...CARD, offered: true }],
      me: { ...COLLEAGUE, status: "available" },
      mine: [{ ...CARD, mine: true, waiting_since: null }],
      colleagues: [COLLEAGUE],
      people_present: true,
    });
    assert.equal(board.waiting[0]?.urgency, 2);
    assert.equal(board.mine[0]?.waitingSince, null);
    assert.deepEqual([board.colleagues[0]?.name, board.colleagues[0]?.status], ["Sem", "break"]);
    assert.deepEqual([board.waitingCount, board.offered[0]?.offered, board.me?.status], [61, true, "available"]);
    assert.throws(() => parseCard({ ...CARD, visitor: "asleep" }), BadPayload);
    assert.throws(() => parseCard({ ...CARD, id: "" , mine: 1 }), BadPayload);
  });
});

describe("acknowledgements", () => {
  it("reads acceptance with its fields", () => {
    const answer = parseAnswer({ ok: true, number: 5 });
    assert.ok(answer.ok);
    assert.equal(answer.body.number, 5);
  });

  it("reads a refusal with what belongs to it", () => {
    const answer = parseAnswer({ ok: false, code: "too_long", limit: 4000, length: 4210 });
    assert.ok(!answer.ok);
    assert.deepEqual([answer.code, answer.limit, answer.length, answer.retryAfter], ["too_long", 4000, 4210, null]);
  });

  it("reads what was noticed in the words, and passes over kinds that came after this page", () => {
    const found = [{ kind: "iris", text: "x" }, { kind: "email", text: "naam@example.org" }];
    const answer = parseAnswer({ ok: false, code: "identifying", found });
    assert.ok(!answer.ok);
    assert.deepEqual(answer.found, [found[1]]);
  });

  it("reads what the sender does not know of its own entry", () => {
    const { number, prev, at } = parseStored({ ok: true, number: 5, prev: 3, at: AT });
    assert.deepEqual([number, prev, at.toISOString()], [5, 3, AT]);
    assert.throws(() => parseStored({ ok: true, number: 5 }), BadPayload);
  });

  it("reads when it opens again", () => {
    const answer = parseAnswer({ ok: false, code: "not_open", reason: "closed", opens_at: "2026-11-25T08:00:00+00:00" });
    assert.ok(!answer.ok);
    assert.deepEqual([answer.reason, answer.opensAt?.toISOString()], ["closed", "2026-11-25T08:00:00.000Z"]);
  });

  it("refuses anything else", () => {
    for (const value of [undefined, null, "ok", {}, { ok: "yes" }, { ok: false }]) {
      assert.throws(() => parseAnswer(value), BadPayload);
    }
  });
});
