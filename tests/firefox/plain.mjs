// The chat without JavaScript, in a Firefox that has it switched off. The conversation stands in a frame that loads itself anew.
import assert from "node:assert/strict";
import { WORDS } from "./journeys.mjs";

const TYPED = "dit blijft staan";

export async function withoutScripts(firefox, order) {
  const words = WORDS[order.language];
  const visitor = await firefox.window();
  const frame = () => visitor.page.frames().find((one) => one.name() === "talk" || one.url().includes("/plain/talk"));
  const talk = (selector, text) => visitor.sees(selector, text, frame);
  const written = () => visitor.page.evaluate(() => document.querySelector("#words").value);

  await visitor.open(`/${order.language}/chat`);
  await visitor.press("#start");
  await visitor.until("the plain chat", () => visitor.page.url().endsWith(`/${order.language}/chat/plain`));
  await talk("#talk > .bot");
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
