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

function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  const locale = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  return new Intl.DateTimeFormat(locale, options).format(at);
}

/** Tuesday 24 November, by the calendar of the device. */
export function day(at: Date): string {
  return format(at, { weekday: "long", day: "numeric", month: "long" }).replace(",", "");
}

/** 'tomorrow at 9:00': a moment as one would say it now. */
export function moment(at: Date, now = new Date()): string {
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  const same = (other: Date): boolean => at.toDateString() === other.toDateString();
  const key = same(now) ? "at_today" : same(tomorrow) ? "at_tomorrow" : "at_day";
  return text(key, { day: day(at), time: clock(at).replace(/^0/, "") });
}

/** 21.04 in Dutch, 21:04 in English, in the time of the device. */
export function clock(at: Date): string {
  const mark = document.documentElement.lang === "nl" ? "." : ":";
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(mark);
}
