// What a visitor types, in Firefox: details that name somebody, words that are not sent yet, and strange ones.
import assert from "node:assert/strict";
import { WORDS, fits, start, stop } from "./steps.mjs";

const ADDRESS = "wilg@example.org";
const STRANGE = [
  "a".repeat(4_000),
  "שלום, אני רוצה לדבר",
  "😀👩‍👩‍👧‍👦🏳️‍🌈".repeat(20),
  '<img src=x onerror="document.title=1"><b>vet</b>',
  "z" + "\u0300\u0316\u0321".repeat(60) + "algo",
];

/** Nothing goes before the visitor has chosen, and what was typed is never lost. */
export async function details(firefox, order) {
  const words = `mail maar naar ${ADDRESS}`;
  const visitor = await start(firefox, order);
  await visitor.write(words);
  await visitor.sees("#details-mine mark", ADDRESS);
  assert.equal(await visitor.focused(), "details-title");
  await visitor.misses("#words");
  await visitor.page.keyboard.press("Escape");
  await visitor.holds("#words", words);
  assert.equal(await visitor.focused(), "words");
  await visitor.page.keyboard.press("Enter");
  await visitor.press("#details-without");
  await visitor.sees("#talk > .you:last-of-type .words", order.language === "nl" ? "weggelaten]" : "left out]");
  assert.ok(!(await visitor.page.content()).includes(ADDRESS));
  await visitor.write("06-12345678");
  await visitor.sees("#details");
  await visitor.misses("#details-without"); // nothing would be left
  await visitor.press("#details-back");
  await visitor.holds("#words", "06-12345678");
  await visitor.press("#send");
  await visitor.press("#details-as-is");
  await visitor.counts("#talk > .you", 2);
  await visitor.until("both sent", async () => !(await visitor.shown("#talk > .unsent")).length);
  await visitor.page.reload();
  await visitor.counts("#talk > .you", 2);
  await stop(visitor);
}

/** Half a sentence is still there after an article and 'back', and after loading again; readable it is kept nowhere. */
export async function draft(firefox, order) {
  const half = "half zilverduif";
  const visitor = await start(firefox, order);
  await visitor.type("#words", half);
  await visitor.open(`/${order.language}/${WORDS[order.language].article}`);
  await visitor.sees("h1");
  assert.ok(!(await visitor.page.evaluate(() => JSON.stringify({ ...sessionStorage }))).includes("zilverduif"));
  await visitor.back();
  await visitor.holds("#words", half);
  await visitor.page.reload();
  await visitor.holds("#words", half);
  await visitor.press("#send");
  await visitor.counts("#talk > .you", 1);
  await visitor.holds("#words", "");
  await stop(visitor);
  assert.equal(await visitor.page.evaluate(() => sessionStorage.length), 0);
}

/** Whatever is typed is text, and stays within the screen. */
export async function strange(firefox, order) {
  const visitor = await start(firefox, order);
  for (const [before, words] of STRANGE.entries()) {
    await visitor.paste("#words", words);
    await visitor.press("#send");
    await visitor.counts("#talk > .you[data-number]", before + 1);
  }
  await fits(visitor);
  assert.deepEqual(await visitor.page.evaluate(cutOff), []);
  const said = await visitor.shown("#talk > .you .words");
  assert.deepEqual(
    said.map((text) => text.trim()),
    STRANGE,
  );
  const sides = await visitor.page.evaluate(() =>
    [...document.querySelectorAll("#talk > .you .words p")].map((one) => getComputedStyle(one).direction),
  );
  assert.deepEqual(sides.slice(0, 2), ["ltr", "rtl"]);
  assert.equal(await visitor.page.title(), "Halte");
  await stop(visitor);
}

/** In the page: what of the visitor's words reaches over the side of the screen, where nobody can read it. */
function cutOff() {
  const written = [...document.querySelectorAll("#talk > .you .words")];
  return written.map((one) => {
    const words = document.createRange();
    words.selectNodeContents(one);
    const { left, right } = words.getBoundingClientRect();
    return left < 0 || right > document.documentElement.clientWidth ? one.innerText.slice(0, 20) : "";
  }).filter(Boolean);
}

/** Many messages one after the other: each arrives once, in order. */
export async function flood(firefox, order) {
  const many = Array.from({ length: 20 }, (_, at) => `regel ${at + 1}`);
  const visitor = await start(firefox, order);
  for (const words of many) {
    await visitor.paste("#words", words);
    await visitor.page.keyboard.press("Enter");
  }
  await visitor.counts("#talk > .you[data-number]", many.length);
  await visitor.page.reload();
  await visitor.counts("#talk > .you", many.length);
  assert.deepEqual(await visitor.shown("#talk > .you .words"), many);
  await stop(visitor);
}
