// The first page of the chat and its last, in Firefox.
import assert from "node:assert/strict";
import { WORDS, fits, forget, start, stop } from "./steps.mjs";

const FIRST = {
  nl: { promise: "We geven nooit door", minor: "Je mag hier zijn" },
  en: { promise: "We never pass on", minor: "De Kindertelefoon" },
};

/** What is passed on stands there before the first word; who is under 18 sees the line for the young first. */
export async function beginning(firefox, order) {
  const words = FIRST[order.language];
  const visitor = await firefox.window();
  await visitor.open(`/${order.language}/chat`);
  await visitor.sees("#promise", words.promise);
  await visitor.press("#about summary");
  await visitor.press('input[name="audience"][value="minor"]');
  await fits(visitor);
  await visitor.press("#start");
  await visitor.sees("#talk > .bot", words.minor);
  const [line] = await visitor.shown('#talk > .bot .door:has(a[href^="tel:"])');
  assert.match(line, /Kindertelefoon/);
  await fits(visitor);
  await stop(visitor);
}

/** Ended by the visitor: what came up is named, an answer is thanked for, and one can begin again. */
export async function ending(firefox, order) {
  const { police, article } = WORDS[order.language];
  const visitor = await start(firefox, order);
  await visitor.write(police);
  await visitor.sees("#talk .door");
  await stop(visitor);
  await visitor.sees('#passed a[href="tel:113"]');
  await visitor.sees(`#passed a[href="/${order.language}/${article}"]`);
  await fits(visitor);
  await visitor.press("#feedback-send");
  await visitor.sees("#feedback-problem");
  await visitor.type("#feedback-missing", "meer tijd om te typen");
  await visitor.press('#feedback input[value="partly"]');
  await visitor.press("#feedback-send");
  await visitor.sees("#feedback-thanks");
  await visitor.misses("#feedback");
  assert.equal(await visitor.focused(), "feedback-thanks");
  await visitor.press("#again");
  await visitor.counts("#talk > .bot", 1);
  await visitor.counts("#talk > .you", 0);
  await stop(visitor);
}

/** Erased, by the button of the last page and by the one that stops. */
export async function forgetting(firefox, order) {
  const visitor = await start(firefox, order);
  await visitor.write("zilverduif");
  await visitor.counts("#talk > .bot", 2);
  await stop(visitor);
  await visitor.press("#forget-ask");
  await visitor.press("#forget-yes");
  await visitor.sees('#closed [data-closed="forgotten"]');
  assert.ok(!(await visitor.page.content()).includes("zilverduif"));
  await visitor.press("#again");
  await visitor.counts("#talk > .bot", 1);
  await forget(visitor);
  await visitor.open(`/${order.language}/chat`);
  await visitor.sees("#start");
}
