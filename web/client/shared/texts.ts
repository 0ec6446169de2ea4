/** Words come from `<template id="texts">`, written by Jinja in the visitor's language. */

/** A text; with a number that counts (`count`) one for each plural category of the language. */
interface Words {
  readonly count: string;
  readonly forms: Readonly<Record<string, string>>;
}

const ONLY = "other"; // the category that every language has
let known: ReadonlyMap<string, Words> | undefined;

function read(): ReadonlyMap<string, Words> {
  const template = document.getElementById("texts");
  if (!(template instanceof HTMLTemplateElement)) throw new Error("no texts on this page");
  const found = new Map<string, Words>();
  for (const item of template.content.querySelectorAll<HTMLElement>("[data-text]")) {
    const { text: key = "", count = "", plural = ONLY } = item.dataset;
    found.set(key, { count, forms: { ...found.get(key)?.forms, [plural]: item.textContent.trim() } });
  }
  return found;
}

/** Dutch, British English … as Intl wants to hear it. */
function locale(): string {
  return document.documentElement.dataset.locale ?? document.documentElement.lang;
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
  const form = found.count === "" ? ONLY : new Intl.PluralRules(locale()).select(Number(values[found.count]));
  return (found.forms[form] ?? found.forms[ONLY] ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), options).format(at);
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

/** 21.04 in Dutch, 21:04 in English: in the time of the device, or of another zone. */
export function clock(at: Date, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).formatToParts(at);
  const part = (type: string): string => parts.find((found) => found.type === type)?.value ?? "";
  return text("clock", { hour: part("hour"), minute: part("minute") });
}

/** Tuesday, by the calendar of the device or of another zone. */
export function weekday(at: Date, timeZone?: string): string {
  return format(at, { weekday: "long", timeZone });
}
