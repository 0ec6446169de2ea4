/** Words come from `<template id="texts">`, written by Jinja in the visitor's language. */

let known: ReadonlyMap<string, string> | undefined;

function read(): ReadonlyMap<string, string> {
  const template = document.getElementById("texts");
  if (!(template instanceof HTMLTemplateElement)) throw new Error("no texts on this page");
  const items = template.content.querySelectorAll<HTMLElement>("[data-text]");
  return new Map(Array.from(items, (item) => [item.dataset.text ?? "", item.textContent.trim()]));
}

export function hasText(key: string): boolean {
  known ??= read();
  return known.has(key);
}

/** The text of a key with its {placeholders} filled in. A missing key is our mistake, so it is loud. */
export function text(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  known ??= read();
  const found = known.get(key);
  if (found === undefined) throw new Error(`no text for ${key}`);
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** 21.04 in Dutch, 21:04 in English, in the time of the device. */
export function clock(at: Date): string {
  const mark = document.documentElement.lang === "nl" ? "." : ":";
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(mark);
}
