/** A law: every key that a script looks up is in the texts of its page, and no key is there for nothing. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

const SHARED = "templates/macros/entry_texts.html";
// Keys that are put together from a code of the protocol.
const FAMILIES = /^(change|refused|urgency|language|visitor|role|status|not_open|ask|yes|label|left)_|^(sending|waiting|slowed|sent)$/;

function keysIn(template: string): string[] {
  return [...readFileSync(template, "utf8").matchAll(/data-text="(\w+)"/g)].map((match) => match[1] ?? "");
}

function scripts(...folders: string[]): string {
  return folders
    .flatMap((folder) => readdirSync(join("web/client", folder)).map((name) => join("web/client", folder, name)))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
}

/** The codes of the core itself; some are told to staff only. */
function changes(page: string): string[] {
  const source = readFileSync("web/core/entries.py", "utf8");
  const list = /class ChangeCode[\s\S]*?\n\n\n/.exec(source)?.[0] ?? "";
  const codes = [...list.matchAll(/= "(\w+)"(.*)/g)];
  const told = page === "desk" ? codes : codes.filter((code) => !(code[2] ?? "").includes("staff only"));
  return told.map((code) => code[1] ?? "");
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
      const needed = [...changes(page).map((code) => `change_${code}`), "sending", "waiting", "slowed", "sent", "refused_other"];
      assert.deepEqual(needed.filter((key) => !known.includes(key)), []);
    });

    it("has no key that nobody looks up", () => {
      const source = scripts(page, "shared");
      const idle = known.filter((key) => !FAMILIES.test(key) && !source.includes(`"${key}"`));
      assert.deepEqual(idle, []);
    });
  });
}
