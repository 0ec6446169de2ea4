// The chat without JavaScript, in a Firefox that has it switched off. The conversation stands in a frame that loads itself anew.
import assert from "node:assert/strict";
import { WORDS, comeBack, fits, keepCode } from "./steps.mjs";

const TYPED = "dit blijft staan";

const frameOf = (visitor) => () =>
  visitor.page.frames().find((one) => one.name() === "talk" || one.url().includes("/plain/talk"));

async function startPlain(firefox, { language }) {
  const visitor = await firefox.window();
  await visitor.open(`/${language}/chat`);
  await visitor.press("#start");
  await visitor.until("the plain chat", () => visitor.page.url().endsWith(`/${language}/chat/plain`));
  await visitor.sees("#talk > .bot", "", frameOf(visitor));
  return visitor;
}

export async function withoutScripts(firefox, order) {
  const words = WORDS[order.language];
  const visitor = await startPlain(firefox, order);
  const frame = frameOf(visitor);
  const talk = (selector, text) => visitor.sees(selector, text, frame);
  const written = () => visitor.page.evaluate(() => document.querySelector("#words").value);

  await visitor.type("#words", words.price);
  await visitor.press("#send");
  await talk("#talk > .you", words.price);
  await talk("#talk > .bot:last-child", words.free); // without anybody loading anything
  await visitor.press('[data-deed="ask"]', frame);
  await talk("#waiting");

  await visitor.type("#words", TYPED);
  await order.service("person");
  await talk("#talk > .human", "Hoi, ik ben Noor.");
  assert.equal(await written(), TYPED, "what is being typed stays while the frame moves");
  await visitor.press("#send");
  await talk("#talk > .you:last-child", TYPED);

  await visitor.press("#to-stop");
  await visitor.press("#stop-yes");
  await visitor.sees("#again");
  await visitor.open(`/${order.language}/chat`);
  await visitor.sees("#start");
}

/** What could name somebody is asked about on a page of its own; then a letter, its seven words, and coming back. */
export async function withoutScriptsLater(firefox, order) {
  const said = "mail maar naar wilg@example.org";
  const visitor = await startPlain(firefox, order);
  const talk = (selector, text) => visitor.sees(selector, text, frameOf(visitor));
  await visitor.type("#words", said);
  await visitor.press("#send");
  await visitor.sees("#mine mark", "wilg@example.org");
  await fits(visitor);
  await visitor.press("#back");
  await visitor.holds("#words", said);
  await visitor.press("#send");
  await visitor.press("#send-as-is");
  await talk("#talk > .you", said);

  await visitor.type("#words", `beste mensen, ${said}`);
  await visitor.press("#to-later");
  await visitor.press("#to-letter");
  await visitor.holds("#words", `beste mensen, ${said}`);
  await visitor.press("#letter-send");
  await visitor.press("#send-without");
  const code = await keepCode(visitor);
  await talk("#talk > .you:last-child", order.language === "nl" ? "weggelaten]" : "left out]");
  await visitor.press("#to-stop");
  await visitor.press("#stop-yes");
  await visitor.sees('[data-why="letter"]');

  const again = await comeBack(firefox, order, code);
  await again.sees("#talk > .you", said, frameOf(again));
  await again.press("#to-stop");
  await again.press("#stop-forget"); // no letter for the desk of the next journey
  await again.sees('[data-why="forgotten"]');
  await fits(again);
}
