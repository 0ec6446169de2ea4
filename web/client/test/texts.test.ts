/** A law: every key that a script looks up is in the texts of its page, and no key is there for nothing. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

const SHARED = "templates/macros/entry_texts.html";
// Keys that are put together from a code of the protocol.
const FAMILIES = /^(change|refused|urgency|language|visitor|role)_|^(sending|waiting|slowed|sent)$/;

function keysIn(template: string): string[] {
  return [...readFileSync(template, "utf8").matchAll(/data-text="(\w+)"/g)].map((match) => match[1] ?? "");
}

function scripts(...folders: string[]): string {
  return folders
    .flatMap((folder) => readdirSync(join("web/client", folder)).map((name) => join("web/client", folder, name)))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
}

for (const page of ["chat", "desk"]) {
  describe(`texts of the ${page} page`, () => {
    const known = [...keysIn(SHARED), ...keysIn(`templates/${page}/texts.html`)];

    it("has no key twice", () => {
      assert.equal(new Set(known).size, known.length);
    });

    it("has every key that its script looks up", () => {
      const needed = [...scripts(page).matchAll(/\btext\("(\w+)"/g)].map((match) => match[1] ?? "");
      assert.deepEqual(needed.filter((key) => !known.includes(key)), []);
    });

    it("has a text for every change and every state of delivery", () => {
      const codes = ["started", "asked", "withdrawn", "claimed", "released", "staff_lost", "handed_back", "closed", "left", "expired"];
      const needed = [...codes.map((code) => `change_${code}`), "sending", "waiting", "slowed", "sent", "refused_other"];
      assert.deepEqual(needed.filter((key) => !known.includes(key)), []);
    });

    it("has no key that nobody looks up", () => {
      const source = scripts(page, "shared");
      const idle = known.filter((key) => !FAMILIES.test(key) && !source.includes(`"${key}"`));
      assert.deepEqual(idle, []);
    });
  });
}
