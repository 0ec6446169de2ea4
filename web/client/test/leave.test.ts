import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Presses } from "../chat/leave";

describe("leaving with Shift", () => {
  it("needs three presses within five seconds", () => {
    const presses = new Presses();
    assert.deepEqual([0, 1_000, 4_900].map((at) => presses.press("Shift", at)), [false, false, true]);
  });

  it("lets slow presses pass", () => {
    const presses = new Presses();
    assert.deepEqual([0, 3_000, 6_000].map((at) => presses.press("Shift", at)), [false, false, false]);
    assert.equal(presses.press("Shift", 7_900), true);
  });

  it("does not take capital letters for a wish to leave", () => {
    const presses = new Presses();
    const keys = ["Shift", "I", "Shift", "N", "Shift", "G"];
    assert.ok(keys.every((key, index) => !presses.press(key, index * 100)));
  });
});
