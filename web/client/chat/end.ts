/** What is left when a conversation is over: what came up in it, its words on this screen only, and having it erased. */
import { byId, fill, showWhen } from "../shared/dom";
import { doorBox, renderEntry } from "../shared/entry_view";
import type { Door, Entry } from "../shared/protocol";
import { installFeedback } from "./feedback";

export type End = "ended" | "gone" | "letter" | "booked" | "forgotten" | "blocked";

export class EndPage {
  readonly #forget = byId("forget", HTMLElement);
  readonly #sure = byId("forget-sure", HTMLElement);

  constructor(wishes: { readonly forget: () => void }) {
    byId("forget-ask", HTMLButtonElement).addEventListener("click", () => { this.#ask(true); });
    byId("forget-no", HTMLButtonElement).addEventListener("click", () => { this.#ask(false); });
    byId("forget-yes", HTMLButtonElement).addEventListener("click", wishes.forget);
    installFeedback();
  }

  show(entries: readonly Entry[], why: End, hasOutgoing: boolean): void {
    if (why === "forgotten") {
      this.forgotten();
      return;
    }
    const closed = byId("closed", HTMLElement);
    const blocked = why === "ended" && entries.some((entry) => entry.code === "blocked");
    showWhen(closed, "closed", blocked ? "blocked" : why);
    const worker = entries.filter((entry) => entry.sender === "staff").at(-1)?.name ?? null;
    showWhen(closed, "with", worker === null ? "nobody" : "person");
    fill(closed, "worker", worker ?? "");
    passedOn(entries);
    const log = byId("log", HTMLElement);
    const reread = byId("reread", HTMLDetailsElement);
    reread.append(log);
    reread.hidden = entries.length === 0 && !hasOutgoing;
    reread.open = hasOutgoing; // words that were not sent are not hidden away
    log.removeAttribute("role");
    this.#forget.hidden = why === "gone";
    document.body.classList.add("over");
  }

  /** Nothing of it stays on the screen either. */
  forgotten(): void {
    showWhen(byId("closed", HTMLElement), "closed", "forgotten");
    byId("talk", HTMLElement).replaceChildren();
    for (const id of ["passed", "reread", "forget"]) document.getElementById(id)?.remove();
    document.body.classList.add("over");
    window.scrollTo(0, 0);
  }

  say(words: string): void {
    const problem = byId("forget-problem", HTMLElement);
    problem.hidden = false;
    problem.textContent = words;
  }

  #ask(open: boolean): void {
    this.#sure.hidden = !open;
    byId("forget-ask", HTMLElement).hidden = open;
    byId(open ? "forget-no" : "forget-ask", HTMLButtonElement).focus();
  }
}

function passedOn(entries: readonly Entry[]): void {
  const box = byId("passed", HTMLElement);
  const doors = new Map<string, Door>(entries.flatMap((entry) => entry.doors.map((door) => [door.name, door])));
  for (const door of doors.values()) box.append(doorBox(door));
  const read = new Map(entries.flatMap((entry) => (entry.article === null ? [] : [[entry.article.title, entry]])));
  for (const entry of read.values()) {
    const article = renderEntry(entry, { me: null }).querySelector(".door");
    if (article !== null) box.append(article);
  }
  box.hidden = doors.size + read.size === 0;
}
