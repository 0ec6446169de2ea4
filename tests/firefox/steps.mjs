// What the journeys do again and again: begin, stop, sign in, keep the seven words.
import assert from "node:assert/strict";

export const WORDS = {
  nl: {
    price: "wat kost het",
    free: "gratis",
    danger: "ik wil niet meer leven",
    first: "Jij bent nummer 1",
    police: "de politie stond vanochtend voor de deur, wat nu",
    article: "bezoek-aan-huis",
    nobody: "Niemand",
  },
  en: {
    price: "does this cost me anything?",
    free: "free",
    danger: "i don't want to live anymore",
    first: "You are number 1",
    police: "the police were at my door this morning, what now",
    article: "a-visit-at-home",
    nobody: "Nobody",
  },
};

export async function start(firefox, { language }) {
  const visitor = await firefox.window();
  await visitor.open(`/${language}/chat`);
  await visitor.press("#start");
  await visitor.counts("#talk > .bot", 1);
  return visitor;
}

export async function stop(visitor) {
  await visitor.press("[data-stop]:not([hidden])");
  await visitor.press("#stop-yes");
  await visitor.sees("#closed");
}

/** Stop, and nothing is left: no letter for the desk of the next journey. */
export async function forget(visitor) {
  await visitor.press("[data-stop]:not([hidden])");
  await visitor.press("#stop-forget");
  await visitor.sees('#closed [data-closed="forgotten"]');
}

export async function signIn(firefox, { language, passwords }) {
  const desk = await firefox.window("desktop");
  await desk.open(`/${language}/desk/`);
  await desk.type("#username", "noor");
  await desk.type("#password", passwords.noor);
  await desk.press("#sign-in");
  await desk.sees("#queue-empty");
  return desk;
}

/** The seven words, as somebody writes them down. They are not shown again. */
export async function keepCode(visitor) {
  await visitor.counts("#code-words li", 7);
  const words = (await visitor.shown("#code-words li")).join(" ");
  await visitor.press("#code-kept");
  await visitor.press("#code-done");
  await visitor.sees("#words");
  return words;
}

/** A browser that knows nothing but the seven words. */
export async function comeBack(firefox, { language }, code) {
  const visitor = await firefox.window();
  await visitor.open(`/${language}/chat`);
  await visitor.type("#code", code.toUpperCase());
  await visitor.press("#open-code");
  return visitor;
}

export async function fits(visitor) {
  const over = await visitor.page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  assert.ok(over <= 0, `scrolls ${over} px sideways`);
}
