import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { find, located } from "../shared/details";
import examples from "../../../tests/details.json";

function kinds(text: string): string[] {
  return find(text).map((one) => one.kind);
}

describe("identifying details", () => {
  for (const [text, wanted] of examples.found as [string, string[]][]) {
    it(`finds ${wanted.join(", ")} in: ${text}`, () => { assert.deepEqual(kinds(text), wanted); });
  }

  for (const text of examples.clear) {
    it(`leaves alone: ${text}`, () => { assert.deepEqual(kinds(text), []); });
  }

  it("finds no more than the detail", () => {
    const parts = [
      ["mail naar (naam@example.org).", "naam@example.org"],
      ["bel (020) 123 45 67, na zessen", "(020) 123 45 67"],
      ["bel 06 12345678 12 jaar", "06 12345678"],
      ["NL91 ABNA 0417 1643 00 en dan", "NL91 ABNA 0417 1643 00"],
      ["ik woon Voorbeeldstraat 12, 1234 AB in Nergensdam", "Voorbeeldstraat 12, 1234 AB"],
      ["mijn insta is jan_123, volg me", "jan_123"],
      ["kijk op t.me/voorbeeld.", "t.me/voorbeeld"],
    ] as const;
    for (const [text, part] of parts) {
      assert.deepEqual(find(text).map((one) => text.slice(one.start, one.end)), [part]);
    }
  });

  it("places what the server saw in the words, each one once", () => {
    const seen = [{ kind: "phone", text: "12" } as const, { kind: "phone", text: "12" } as const];
    assert.deepEqual(located("12 en 12", seen).map((one) => one.start), [0, 6]);
    assert.deepEqual(located("niets", seen), []);
  });

  it("reads the longest message quickly", () => {
    for (const piece of ["1", "06 ", "0-1-", "@", "a@a.", "a-", "insta @a", "NL91ABNA0417164301 ", "12 1234 ab "]) {
      const text = piece.repeat(4000).slice(0, 4000);
      const started = performance.now();
      find(text);
      assert.ok(performance.now() - started < 300, piece);
    }
  });
});
