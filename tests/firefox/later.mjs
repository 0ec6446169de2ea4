// When nobody can come now, or later suits better, in Firefox: a letter, an appointment, a closed chat.
import assert from "node:assert/strict";
import { WORDS, comeBack, fits, forget, keepCode, start, stop } from "./steps.mjs";

export async function letter(firefox, order) {
  const visitor = await start(firefox, order);
  await visitor.press("#rather-later");
  await visitor.press('#later [data-act="letter"]');
  await visitor.type("#letter-words", "ik heb een vraag die kan wachten");
  await fits(visitor);
  await visitor.press("#letter-send");
  await visitor.press("#code-done");
  await visitor.sees("#code-problem"); // not before they say that they have the words
  const code = await keepCode(visitor);
  await visitor.sees('[data-stage="letter"][aria-current="step"]');
  await stop(visitor);
  await visitor.sees('#closed [data-closed="letter"]');

  await order.service("answer");
  const again = await comeBack(firefox, order, code);
  await again.sees("#talk > .human", "dank je wel voor je brief");
  await again.counts("#talk > .you", 1);
  await forget(again);
  assert.ok(!(await again.page.content()).includes("dank je wel voor je brief"));
}

export async function appointment(firefox, order) {
  const visitor = await start(firefox, order);
  await visitor.press("#rather-later");
  await visitor.press('#later [data-act="times"]');
  // The worker of the service offers times soon after its start.
  await visitor.until("times", async () => (await visitor.shown("#times details")).length > 1, 30_000);
  await visitor.press("#times details:nth-of-type(2) summary");
  await visitor.press("#times details:nth-of-type(2) label");
  await fits(visitor);
  await visitor.press("#times-take");
  const code = await keepCode(visitor);
  await visitor.sees("#appointment");
  await stop(visitor);
  await visitor.sees('#closed [data-closed="booked"]');

  const again = await comeBack(firefox, order, code);
  await again.press("#appointment #cancel");
  await again.sees('#talk > [data-code="cancelled"]');
  await again.misses("#appointment");
  await stop(again);
}

/** Closed: it says until when, offers something else, and the assistant stays. */
export async function closed(firefox, order) {
  const visitor = await start(firefox, order);
  await visitor.press("#ask-person");
  await visitor.sees("#why", order.language === "nl" ? "morgen" : "tomorrow");
  await visitor.sees('#later [data-act="letter"]');
  await visitor.misses("#waiting");
  await stillAnswers(visitor, order);
  await stop(visitor);
}

/** Open, but nobody is at the desk: that is said, the place is kept, and the assistant stays. */
export async function alone(firefox, order) {
  const visitor = await start(firefox, order);
  await visitor.press("#ask-person");
  await visitor.sees("#status", WORDS[order.language].nobody);
  await visitor.sees('#waiting a[href="tel:112"]');
  await stillAnswers(visitor, order);
  await visitor.press("#withdraw");
  await visitor.misses("#waiting");
  await visitor.sees("#ask-person");
  await stop(visitor);
}

async function stillAnswers(visitor, { language }) {
  await visitor.write(WORDS[language].price);
  await visitor.counts("#talk > .bot", 2);
  await visitor.sees("#talk > .bot:last-of-type", WORDS[language].free);
  await fits(visitor);
}
