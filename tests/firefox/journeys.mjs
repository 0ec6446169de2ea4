// What a visitor does, in Firefox. Each function is one journey; tests/browser/test_firefox.py runs them.
import assert from "node:assert/strict";
import { WORDS, fits, signIn, start, stop } from "./steps.mjs";

export async function assistant(firefox, order) {
  const words = WORDS[order.language];
  const visitor = await start(firefox, order);
  await visitor.press("#talk ul.says button");
  await visitor.counts("#talk > .bot", 2);
  await visitor.write(words.price);
  await visitor.counts("#talk > .bot", 3);
  await visitor.sees("#talk > .bot:last-child", words.free);
  await visitor.counts("#talk > .you", 2);
  await visitor.page.reload();
  await visitor.counts("#talk > .you", 2);
  await visitor.counts("#talk > .bot", 3);
  assert.equal(await visitor.page.title(), "Halte");
  await fits(visitor);
  await stop(visitor);
}

export async function crisis(firefox, order) {
  const visitor = await start(firefox, order);
  await visitor.write(WORDS[order.language].danger);
  await visitor.sees("#talk .crisis", "113");
  await visitor.sees("#words"); // it covers nothing: the visitor can go on writing
  await stop(visitor);
}

export async function person(firefox, order) {
  const visitor = await start(firefox, order);
  const desk = await signIn(firefox, order);
  await visitor.write(WORDS[order.language].price);
  await visitor.counts("#talk > .bot", 2);
  await visitor.press("#ask-person");
  await visitor.sees("#position", WORDS[order.language].first);
  await desk.counts("#queue > li", 1);
  await desk.press("#next");
  await visitor.sees("#status", "Noor");
  await desk.type("#panes .conv form[data-reply] textarea", "Hoi, ik ben Noor.");
  await desk.page.keyboard.press("Enter");
  await visitor.sees("#talk > .human", "Hoi, ik ben Noor.");
  await visitor.write("dag Noor");
  await desk.sees('#panes .conv [data-list="talk"]', "dag Noor");
  await visitor.page.reload();
  await visitor.sees("#talk > .human", "Hoi, ik ben Noor.");
  await visitor.counts("#talk > .you", 2);
  await stop(visitor);
  await desk.misses("#queue > li");
}

export async function connection(firefox, order) {
  const visitor = await start(firefox, order);
  await order.service("kill");
  await visitor.sees("#lost");
  await visitor.write("ben je er nog");
  await visitor.counts("#talk > .unsent", 1);
  await order.service("start");
  await visitor.until("sent", async () => !(await visitor.shown("#talk > .unsent")).length, 40_000);
  await visitor.misses("#lost");
  await visitor.counts("#talk > .you", 1);
  await visitor.counts("#talk > .bot", 2);
  await stop(visitor);
}

export async function leaving(firefox, order) {
  const ways = {
    button: (visitor) => visitor.press("#leave"),
    keys: async ({ page }) => {
      for (let press = 0; press < 3; press += 1) await page.keyboard.press("Shift");
    },
  };
  for (const [name, leave] of Object.entries(ways)) {
    const visitor = await start(firefox, order);
    await visitor.write(WORDS[order.language].price);
    await visitor.counts("#talk > .bot", 2);
    await leave(visitor);
    await visitor.until(`${name}: another page`, () => !visitor.page.url().startsWith(order.url));
    await visitor.open(`/${order.language}/chat`);
    await visitor.sees("#start");
    assert.ok(!(await visitor.page.content()).includes(WORDS[order.language].price), name);
  }
}

export async function keyboard(firefox, order) {
  const visitor = await firefox.window();
  await visitor.open(`/${order.language}/`);
  const { page } = visitor;
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // 'skip to content' comes first
  await visitor.tabTo("to-chat");
  await page.keyboard.press("Enter");
  await visitor.sees("#start");
  await visitor.tabTo("start");
  await page.keyboard.press("Enter");
  await visitor.counts("#talk > .bot", 1);
  await visitor.tabTo("words");
  await page.keyboard.type(WORDS[order.language].price);
  await page.keyboard.press("Enter");
  await visitor.counts("#talk > .bot", 2);
  assert.equal(await visitor.focused(), "words");
  await visitor.tabTo("ask-person", "back");
  await page.keyboard.press("Enter");
  await visitor.sees("#waiting");
  await stop(visitor);
}

/** Two tabs of one visitor: what is said in one is in both, and leaving in one leaves with both. */
export async function tabs(firefox, order) {
  const visitor = await start(firefox, order);
  const second = await visitor.tab(`/${order.language}/chat`);
  await second.counts("#talk > .bot", 1);
  await second.write(WORDS[order.language].price);
  await second.counts("#talk > .bot", 2);
  await visitor.page.bringToFront();
  await visitor.counts("#talk > .you", 1);
  await visitor.counts("#talk > .bot", 2);
  await visitor.write("zilverduif");
  await visitor.counts("#talk > .bot", 3);
  await second.page.bringToFront();
  await second.counts("#talk > .you", 2);
  await second.press("#leave");
  for (const tab of [second, visitor]) {
    await tab.until("another page", () => !tab.page.url().startsWith(order.url));
    await tab.open(`/${order.language}/chat`);
    await tab.sees("#start");
    assert.ok(!(await tab.page.content()).includes("zilverduif"));
  }
}
