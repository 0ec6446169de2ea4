import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CatchUp, Thread, placed } from "../chat/thread";
import { parseEntry, parseView } from "../shared/parsers";
import type { Entry } from "../shared/protocol";

function entry(number: number, prev = number - 1): Entry {
  return parseEntry({ number, prev, sender: "staff", kind: "text", at: "2026-11-24T09:30:00Z", text: `word ${number}` });
}

function numbers(thread: Thread): number[] {
  return thread.entries.map((item) => item.number);
}

describe("thread", () => {
  it("keeps entries in order and knows the last", () => {
    const thread = new Thread();
    assert.equal(thread.arrive(entry(1)), "new");
    assert.equal(thread.arrive(entry(2)), "new");
    assert.equal(thread.last, 2);
    assert.deepEqual(numbers(thread), [1, 2]);
  });

  it("ignores what it has already", () => {
    const thread = new Thread();
    thread.arrive(entry(1));
    assert.equal(thread.arrive(entry(1)), "known");
    assert.deepEqual(numbers(thread), [1]);
  });

  it("takes a skipped number for an internal note when prev fits", () => {
    const thread = new Thread();
    thread.arrive(entry(1));
    assert.equal(thread.arrive(entry(3, 1)), "new");
    assert.deepEqual(numbers(thread), [1, 3]);
  });

  it("does not keep an entry after a gap; catching up brings all in order, once", () => {
    const thread = new Thread();
    thread.arrive(entry(1));
    assert.equal(thread.arrive(entry(4)), "gap");
    assert.equal(thread.last, 1);
    const fresh = thread.catchUp([entry(3), entry(1), entry(2), entry(4)]);
    assert.deepEqual(fresh.map((item) => item.number), [2, 3, 4]);
    assert.deepEqual(numbers(thread), [1, 2, 3, 4]);
    assert.deepEqual(thread.catchUp([entry(4)]), []);
  });

  it("sees a gap at every missing number at the desk", () => {
    const thread = new Thread((item) => item.number - 1);
    thread.arrive(entry(1));
    assert.equal(thread.arrive(entry(3, 1)), "gap");
  });

  it("asks only once about a number that it will never see", () => {
    const thread = new Thread();
    thread.arrive(entry(1));
    assert.equal(thread.behind(2), true);
    thread.checked(2); // an internal note
    assert.equal(thread.behind(2), false);
    assert.equal(thread.behind(3), true);
  });
});

describe("one's own words", () => {
  it("are known when they come again: from a resume, another window, or with an entry that follows", () => {
    const thread = new Thread();
    thread.arrive(entry(1));
    assert.equal(thread.arrive(entry(2)), "new"); // made from the acknowledgement
    assert.equal(thread.arrive(entry(2)), "known"); // the event, because the words had consequences
    assert.deepEqual(thread.catchUp([entry(1), entry(2), entry(3)]).map((item) => item.number), [3]);
    assert.deepEqual(numbers(thread), [1, 2, 3]);
  });

  it("wait for what was said before them, when that is not here yet", () => {
    const thread = new Thread();
    thread.arrive(entry(1));
    assert.equal(thread.arrive(entry(3)), "gap"); // the acknowledgement overtook entry 2
    thread.catchUp([entry(2), entry(3)]);
    assert.equal(thread.arrive(entry(3)), "known");
    assert.deepEqual(numbers(thread), [1, 2, 3]);
  });
});

describe("a new place in the queue", () => {
  const offers = { wait: false, letter: true, appointment: true, reason: "open", opens_at: null, closes_at: null };
  const view = parseView({
    state: "waiting",
    last_number: 3,
    name: null,
    position: 2,
    wait: { low: 10, high: 20 },
    people_present: true,
    urgent: false,
    offers,
    appointment_at: null,
    idle_ends_at: null,
  });
  const place = { position: 1, wait: { low: 0, high: 5 }, peoplePresent: false };

  it("changes the place and nothing else", () => {
    assert.deepEqual(placed(view, place), { ...view, ...place });
  });

  it("comes too late once somebody no longer waits, or before anything is known", () => {
    assert.equal(placed({ ...view, state: "with_staff" }, place), null);
    assert.equal(placed(null, place), null);
  });
});

describe("catching up", () => {
  it("runs one at a time and once more for all wishes that came meanwhile", async () => {
    let running = 0;
    let runs = 0;
    const catchUp = new CatchUp(async () => {
      running += 1;
      runs += 1;
      assert.equal(running, 1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    await Promise.all([catchUp.now(), catchUp.now(), catchUp.now()]);
    assert.equal(runs, 2);
  });

  it("can run again after a failure", async () => {
    let runs = 0;
    const catchUp = new CatchUp(() => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error("no answer")) : Promise.resolve();
    });
    await assert.rejects(catchUp.now());
    await catchUp.now();
    assert.equal(runs, 2);
  });
});
