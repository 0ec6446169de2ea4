/** A text with a number has one form for each plural category; the number chooses. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clock, text } from "../shared/texts";

class Template {
  readonly content = {
    querySelectorAll: () => [
      item({ text: "try_in", count: "seconds", plural: "one" }, "in {seconds} second"),
      item({ text: "try_in", count: "seconds", plural: "other" }, " in {seconds} seconds "),
      item({ text: "plain" }, "{name} of {name}, {unknown}"),
      item({ text: "clock" }, "{hour}.{minute}"),
    ],
  };
}

function item(dataset: Record<string, string>, textContent: string): object {
  return { dataset, textContent };
}

Object.assign(globalThis, {
  HTMLTemplateElement: Template,
  document: { getElementById: () => new Template(), documentElement: { lang: "en", dataset: { locale: "en-GB" } } },
});

describe("texts of scripts", () => {
  it("choose their form by the number", () => {
    assert.deepEqual([0, 1, 2].map((seconds) => text("try_in", { seconds })), ["in 0 seconds", "in 1 second", "in 2 seconds"]);
  });

  it("without a number have one form; what is not known stays", () => {
    assert.equal(text("plain", { name: "x" }), "x of x, {unknown}");
  });

  it("a time of day is written as the catalogue has it, in any zone", () => {
    const at = new Date("2026-11-24T20:04:00Z");
    assert.equal(clock(at, "Europe/Amsterdam"), "21.04");
    assert.equal(clock(new Date("2026-11-24T23:04:00Z"), "Europe/Amsterdam"), "00.04");
    assert.equal(clock(at, "America/New_York"), "15.04");
  });
});
