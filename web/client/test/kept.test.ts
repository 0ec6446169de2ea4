import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Words } from "../chat/kept";
import { KEPT, Kept } from "../chat/kept";

const AT = new Date("2026-11-24T09:30:00Z");
const WORDS: Words = {
  pending: [
    { key: "key-1", text: "eerst zilverduif", topic: null, asIs: false, at: AT },
    { key: "key-2", text: "en dan", topic: "cost", asIs: false, at: AT },
  ],
  draft: "nog niet af zilverduif",
  letter: { text: "een brief", key: "key-3" },
};
const NOTHING: Words = { pending: [], draft: " ", letter: { text: "", key: null } };
const SECRET = new Uint8Array(32).fill(7);

class Shelf {
  readonly items = new Map<string, string>();
  readonly written: string[] = [];
  full = false;
  getItem(name: string): string | null {
    return this.items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    if (this.full) throw new Error("full");
    this.items.set(name, value);
    this.written.push(value);
  }
  removeItem(name: string): void {
    this.items.delete(name);
  }
}

function keptOn(store: Shelf | null, secret = SECRET): Kept {
  return new Kept({ store, subtle: crypto.subtle, secret });
}

/** Long enough for the sealing of some saves. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

describe("kept words", () => {
  it("come back on the next page as they were", async () => {
    const shelf = new Shelf();
    keptOn(shelf).save(WORDS);
    await settle();
    assert.deepEqual(await keptOn(shelf).load(), WORDS);
  });

  it("stand nowhere in the clear", async () => {
    const shelf = new Shelf();
    const kept = keptOn(shelf);
    kept.save(WORDS);
    await settle();
    kept.save({ ...WORDS, draft: "zilverduif en meer" });
    await settle();
    assert.equal(shelf.written.length, 2);
    for (const value of shelf.written) {
      assert.ok(!value.includes("zilverduif") && !Buffer.from(value, "base64").includes("zilverduif"));
    }
  });

  it("are nothing to another conversation", async () => {
    const shelf = new Shelf();
    keptOn(shelf).save(WORDS);
    await settle();
    assert.equal(await keptOn(shelf, new Uint8Array(32).fill(8)).load(), null);
  });

  it("are the last that were there, however fast they come", async () => {
    const shelf = new Shelf();
    const kept = keptOn(shelf);
    for (let at = 0; at < 20; at += 1) kept.save({ ...WORDS, draft: `draft ${at}` });
    await settle();
    assert.equal((await keptOn(shelf).load())?.draft, "draft 19");
  });

  it("go when nothing is left to send", async () => {
    const shelf = new Shelf();
    const kept = keptOn(shelf);
    kept.save(WORDS);
    await settle();
    kept.save(NOTHING);
    await settle();
    assert.equal(shelf.items.size, 0);
  });

  it("are not written any more after the end, also when they were being sealed", async () => {
    const shelf = new Shelf();
    const kept = keptOn(shelf);
    kept.save(WORDS);
    kept.end();
    kept.save(WORDS);
    await settle();
    assert.equal(shelf.items.size, 0);
    assert.deepEqual(shelf.written, []);
  });

  it("pass by what cannot be read", async () => {
    const shelf = new Shelf();
    shelf.items.set(KEPT, "not ours");
    assert.equal(await keptOn(shelf).load(), null);
  });

  it("say when they are not safe: no storage, no room", async () => {
    assert.equal(keptOn(null).works, false);
    const shelf = new Shelf();
    shelf.full = true;
    const kept = keptOn(shelf);
    assert.equal(kept.works, true);
    kept.save(WORDS);
    await settle();
    assert.equal(kept.works, false);
  });
});
