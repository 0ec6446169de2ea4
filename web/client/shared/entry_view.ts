/** One entry of a conversation as a list item, the same in the chat and at the desk. Text only, never markup. */
import type { Outgoing } from "./outbox";
import { el, icon } from "./dom";
import type { Article, Door, Entry, Refusal, Suggestion } from "./protocol";
import { clock, hasText, moment, text } from "./texts";

/** A letter is claimed, given back and lost like a chat, but that is told in other words. */
export class Story {
  #letter = false;
  #kept = false; // a letter that one goes back to out of the queue

  /** Whether this entry, read in order, belongs to a letter. */
  reads(entry: Entry): boolean {
    const code = entry.code ?? "";
    if (["asked", "alarmed", "due"].includes(code)) [this.#letter, this.#kept] = [false, this.#letter];
    if (["withdrawn", "lapsed", "missed", "hours_ended"].includes(code)) this.#letter = this.#kept;
    if (code === "letter_sent") this.#letter = true;
    if (code === "handed_back") this.#kept = false;
    return this.#letter;
  }
}

export interface Place {
  /** The name of the worker who reads; null in the visitor's chat. */
  readonly me: string | null;
  readonly story?: Story;
  readonly onSuggestion?: (suggestion: Suggestion) => void;
  readonly onEdit?: (message: Outgoing) => void;
}

/** Words of a person run as their first letter does, whichever way the page runs. */
function withDirection<T extends HTMLElement>(element: T): T {
  element.dir = "auto";
  return element;
}

/** An empty line makes a paragraph. */
function paragraphs(words: string): HTMLElement[] {
  return words.split(/\n{2,}/).map((part) => withDirection(el("p", "lines", part)));
}

function time(at: Date): HTMLTimeElement {
  const made = el("time", "", clock(at));
  made.dateTime = at.toISOString();
  return made;
}

function badge(letter: string): HTMLElement {
  const made = el("span", "badge", letter);
  made.ariaHidden = "true";
  return made;
}

function linkButton(classes: string, href: string, ...children: (Node | string | null)[]): HTMLAnchorElement {
  const made = el("a", `btn ${classes}`.trim(), ...children);
  made.href = href;
  made.rel = "nofollow noopener noreferrer";
  // The conversation, and the place in the queue, stay open behind it.
  if (!href.startsWith("tel:")) made.target = "_blank";
  return made;
}

function aside(words: string): HTMLElement {
  return el("span", "hidden", words);
}

function articleBox(article: Article): HTMLElement {
  const box = el("div", "door", el("h2", "", article.title), el("p", "", article.summary));
  if (article.url !== null) {
    const more = aside(`: ${article.title} (${text("new_tab")})`);
    box.append(linkButton("", article.url, icon("read"), el("span", "", text("read_more"), more)));
  }
  return box;
}

export function doorBox(door: Door): HTMLElement {
  const box = el("div", "door", el("h2", "", door.name), el("p", "", door.forWhom));
  if (door.why !== null) box.append(el("p", "", door.why));
  const facts = el("dl", "facts");
  if (door.cost !== null) facts.append(el("dt", "", text("cost")), el("dd", "", door.cost));
  const hours = door.hours ?? (door.url === null ? null : text("hours_unknown"));
  if (hours !== null) facts.append(el("dt", "", text("hours")), el("dd", "", hours));
  if (facts.hasChildNodes()) box.append(facts);
  if (door.phone !== null) {
    const call = text("call", { number: door.phone.shown });
    box.append(linkButton("", `tel:${door.phone.dial}`, icon("phone"), el("span", "", call)));
  }
  if (door.url !== null) {
    const more = aside(`: ${door.name} (${text("new_tab")})`);
    const sign = door.phone === null ? icon("out") : null;
    box.append(linkButton(sign === null ? "bare" : "", door.url, sign, el("span", "", text("to_site"), more)));
  }
  return box;
}

/** In the crisis card a door is one big button; the first one is lit. */
function crisisDoor(door: Door, first: boolean): HTMLElement {
  const { phone } = door;
  const href = phone === null ? door.url : `tel:${phone.dial}`;
  // '112 (police, ambulance)' is its own number; '113 Zelfmoordpreventie' is a name that happens to hold one.
  const known = phone !== null && (door.name === phone.shown || door.name.startsWith(`${phone.shown} (`));
  const call = phone === null ? door.name : text("call_name", { name: door.name, number: phone.shown });
  const title = known ? text("call", { number: phone.shown }) : call;
  const words = el("span", "", el("b", "", title), ` ${door.forWhom}`);
  if (href === null) return el("p", "", words);
  return linkButton(first ? "lamp" : "", href, icon(phone === null ? "out" : "phone"), words);
}

/** The way to a person always has words; any other button without words is no button. */
function labelOf(suggestion: Suggestion): string {
  return suggestion.label === "" && suggestion.topic === "human" ? text("ask_person") : suggestion.label;
}

function suggestionButtons(entry: Entry, place: Place): HTMLElement | null {
  const { onSuggestion } = place;
  const offered = entry.suggestions.filter((suggestion) => suggestion.label !== "" || suggestion.topic === "human");
  if (offered.length === 0 || onSuggestion === undefined) return null;
  const buttons = offered.map((suggestion) => {
    const button = el("button", "", labelOf(suggestion));
    button.type = "button";
    button.dataset.topic = suggestion.topic;
    button.addEventListener("click", () => {
      onSuggestion(suggestion);
    });
    return el("li", "", button);
  });
  const made = el("ul", "says", ...buttons);
  made.ariaLabel = text("answers");
  return made;
}

function crisisCard(entry: Entry, place: Place): HTMLLIElement {
  // Shown before: the second time it is short, and has no title.
  const title = entry.title === null ? null : el("h2", "", icon("light"), el("span", "", entry.title));
  // The ways out come right after the first words, so that they are on the first screen of a phone.
  const [first, ...more] = paragraphs(entry.text ?? "");
  const doors = entry.doors.map((door, index) => crisisDoor(door, index === 0));
  const body = el("div", "", first ?? null, ...doors, ...more);
  if (entry.article !== null) body.append(articleBox(entry.article));
  const buttons = suggestionButtons(entry, place);
  if (buttons !== null) body.append(buttons);
  const box = el("section", "crisis", title, body);
  box.ariaLabel = entry.title;
  return el("li", "whole", box);
}

/** The most fitting wording that there is: of a letter, or without a moment. */
function changeWords(entry: Entry, letter: boolean): string {
  const key = `change_${entry.code ?? ""}`;
  const wordings = [letter ? `${key}_letter` : "", entry.when === null ? `${key}_none` : "", key];
  const found = wordings.find(hasText);
  const when = entry.when === null ? "" : moment(entry.when);
  return found === undefined ? (entry.text ?? "") : text(found, { name: entry.name ?? "", time: clock(entry.at), when });
}

const SPEAKER_CHANGES = ["claimed", "handed_back", "transferred"];

function change(entry: Entry, letter: boolean): HTMLLIElement {
  const speakerChanges = !letter && SPEAKER_CHANGES.includes(entry.code ?? "");
  return el("li", speakerChanges ? "sys change" : "sys", el("p", "", changeWords(entry, letter)));
}

/** What the triage saw in a visitor's words, in words of our own; only the desk is told. */
function noticedTag(entry: Entry): HTMLElement | null {
  if (entry.noticed === null) return null;
  const key = `rule_${entry.noticed}`;
  const rule = hasText(key) ? text(key) : entry.noticed.replaceAll("_", " ");
  const tag = el("span", "tag", text("noticed", { rule }));
  tag.dataset.noticed = entry.noticed;
  return tag;
}

function whoLine(entry: Entry, place: Place): HTMLElement {
  const name = entry.name ?? "";
  if (entry.kind === "note") {
    const from = el("span", "", text("note_from", { name }));
    return el("p", "who", badge(name.slice(0, 1)), el("b", "", text("note")), from, time(entry.at));
  }
  if (entry.sender === "staff") {
    const mine = place.me !== null && place.me === name;
    const kind = place.me === null ? el("span", "", text("a_person")) : null;
    return el("p", "who", badge(name.slice(0, 1)), withDirection(el("b", "", mine ? text("me", { name }) : name)), kind, time(entry.at));
  }
  if (entry.sender === "visitor") {
    return el("p", "who", el("b", "", text("visitor")), time(entry.at), noticedTag(entry));
  }
  return el("p", "who", badge(text("assistant_badge")), el("b", "", text("assistant")), time(entry.at));
}

const VOICES = { visitor: "you", assistant: "bot", staff: "human", system: "bot" } as const;

function spoken(entry: Entry, place: Place): HTMLLIElement {
  const made = el("li", entry.kind === "note" ? "note" : VOICES[entry.sender], whoLine(entry, place));
  const words = el("div", "words");
  if (entry.title !== null) words.append(el("h2", "", entry.title));
  if (entry.code !== null) words.append(el("p", "", el("b", "", changeWords(entry, false)))); // an offer, with its note
  if (entry.text !== null) words.append(...paragraphs(entry.text));
  if (words.hasChildNodes()) made.append(words);
  if (entry.article !== null) made.append(articleBox(entry.article));
  made.append(...entry.doors.map(doorBox));
  const buttons = suggestionButtons(entry, place);
  if (buttons !== null) made.append(buttons);
  return made;
}

export function renderEntry(entry: Entry, place: Place): HTMLLIElement {
  const letter = place.story?.reads(entry) ?? false;
  const isChange = entry.kind === "change" || (entry.code !== null && entry.text === null);
  const made = isChange ? change(entry, letter) : entry.crisis ? crisisCard(entry, place) : spoken(entry, place);
  if (entry.clientId !== null && entry.kind === "text") markSent(made, "sent");
  const page = document.documentElement.lang;
  if (entry.lang !== null && entry.lang !== page) {
    made.lang = entry.lang;
    made.querySelector(".who")?.setAttribute("lang", page); // the name of the speaker is the page's
  }
  markEntry(made, entry);
  return made;
}

/** What tests and styles may ask of an item. The time is the server's: clocks of devices differ. */
export function markEntry(made: HTMLLIElement, entry: Entry): void {
  made.querySelector(".who time")?.replaceWith(time(entry.at));
  made.dataset.number = String(entry.number);
  made.dataset.sender = entry.sender;
  made.dataset.kind = entry.kind;
  if (entry.code !== null) made.dataset.code = entry.code;
}

/** The line below one's own words once they are stored; null: none. It is there to look at, and not read aloud. */
export function markSent(made: HTMLLIElement, state: "sent" | "read" | null): void {
  const line = made.querySelector<HTMLElement>(":scope > .sent");
  if (state === null) {
    line?.remove();
    return;
  }
  const words = text(state);
  if (line?.textContent === words) return;
  const fresh = el("p", "sent", words);
  fresh.ariaLive = "off";
  if (line === null) made.append(fresh);
  else line.replaceWith(fresh);
}

export function refusalWords(refusal: Refusal): string {
  const key = `refused_${refusal.code}`;
  const values = { length: refusal.length ?? "", limit: refusal.limit ?? "", name: refusal.name ?? "" };
  return text(hasText(key) ? key : "refused_other", values);
}

/** What has become of one's own message, below its words. */
function tail(message: Outgoing, place: Place): HTMLElement {
  if (message.delivery !== "refused") {
    const sign = message.delivery === "waiting" ? icon("clock") : null;
    const line = el("p", "sent", sign, ` ${text(message.delivery)}`);
    if (message.delivery === "sent") line.ariaLive = "off"; // that it did not arrive must be heard; that it did, seen
    return line;
  }
  const why = message.refusal === null ? text("refused_other") : refusalWords(message.refusal);
  const made = el("div", "sent", el("p", "wrong", why));
  const { onEdit } = place;
  if (onEdit !== undefined) {
    const button = el("button", "btn bare", text("edit"));
    button.type = "button";
    button.dataset.act = "edit";
    button.addEventListener("click", () => {
      onEdit(message);
    });
    made.append(button);
  }
  return made;
}

/** A message that has no number yet. */
export function renderOutgoing(message: Outgoing, place: Place): HTMLLIElement {
  const name = place.me === null ? text("visitor") : text("me", { name: place.me });
  const sign = place.me === null ? null : badge(place.me.slice(0, 1));
  const who = el("p", "who", sign, el("b", "", name), time(message.at));
  const made = el("li", place.me === null ? "you" : "human", who, el("div", "words", ...paragraphs(message.text)));
  made.dataset.client = message.key;
  made.append(el("p", "sent"));
  updateOutgoing(made, message, place);
  return made;
}

/** In place: a new item would be read aloud once more. */
export function updateOutgoing(made: HTMLLIElement, message: Outgoing, place: Place): void {
  made.dataset.delivery = message.delivery;
  made.classList.toggle("unsent", message.delivery !== "sent" && message.delivery !== "sending");
  made.lastElementChild?.replaceWith(tail(message, place));
}
