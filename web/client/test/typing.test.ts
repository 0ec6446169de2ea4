import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { Keys } from "../desk/keys";
import { ShowsTyping, TellsTyping } from "../shared/typing";

describe("typing", () => {
  it("is told at most once in three seconds", () => {
    const tell = mock.fn();
    const tells = new TellsTyping(tell);
    for (const at of [0, 100, 2_900, 3_000, 3_100, 6_050]) tells.typed(at);
    assert.equal(tell.mock.callCount(), 3);
  });

  it("is believed for six seconds after it was heard last, or until the words are here", () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const shown: boolean[] = [];
    const shows = new ShowsTyping((writing) => shown.push(writing));
    shows.heard();
    mock.timers.tick(4_000);
    shows.heard();
    mock.timers.tick(5_900);
    assert.deepEqual(shown, [true, true]);
    mock.timers.tick(200);
    assert.deepEqual(shown, [true, true, false]);
    shows.heard();
    shows.stopped();
    mock.timers.tick(10_000);
    assert.deepEqual(shown, [true, true, false, true, false]);
    mock.timers.reset();
  });
});

describe("the key of a press at the desk", () => {
  it("stays the same until there is an answer, so that a second press takes no second visitor", () => {
    let made = 0;
    const keys = new Keys(() => `key-${(made += 1)}`);
    assert.equal(keys.of("claim_next"), "key-1");
    assert.equal(keys.of("claim_next"), "key-1");
    assert.equal(keys.of("claim 7"), "key-2");
    keys.answered("claim_next");
    assert.equal(keys.of("claim_next"), "key-3");
  });
});
