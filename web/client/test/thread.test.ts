import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CatchUp, Thread } from "../chat/thread";
import type { Entry } from "../shared/protocol";
import { parseEntry } from "../shared/protocol";

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
