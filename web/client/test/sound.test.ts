import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Sound } from "../chat/sound";

function soundWith(items = new Map<string, string>(), canPlay = true) {
  const counts = { played: 0 };
  const store = {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => { items.set(name, value); },
    removeItem: (name: string) => { items.delete(name); },
  };
  const sound = new Sound({ play: canPlay ? () => { counts.played += 1; } : null, store });
  return { sound, counts, items };
}

describe("the sound of new words", () => {
  it("is off at first", () => {
    const { sound, counts } = soundWith();
    sound.heard(0);
    assert.equal(sound.on, false);
    assert.equal(counts.played, 0);
  });

  it("is heard once when it is switched on, and at most once in some seconds after that", () => {
    const { sound, counts } = soundWith();
    sound.toggle(0);
    assert.equal(counts.played, 1);
    for (const at of [100, 2_000, 4_900]) sound.heard(at);
    assert.equal(counts.played, 1);
    sound.heard(5_100);
    assert.equal(counts.played, 2);
  });

  it("stays on after a reload, and leaves no trace when it is off", () => {
    const { sound, items } = soundWith();
    sound.toggle(0);
    assert.deepEqual([...items.values()], ["1"]);
    const next = soundWith(items);
    assert.equal(next.sound.on, true);
    next.sound.toggle(0);
    assert.equal(items.size, 0);
    assert.equal(next.counts.played, 0);
  });

  it("is not there where the browser makes none", () => {
    const { sound } = soundWith(new Map([["sound", "1"]]), false);
    assert.deepEqual([sound.possible, sound.on], [false, false]);
    sound.toggle(0);
    assert.equal(sound.on, false);
  });
});
