/** What fills the window: the conversation, or one thing that is done beside it. The conversation goes on behind it. */
import { byId, within } from "../shared/dom";

const IDS = { room: "room", letter: "letter-page", times: "times-page", code: "code-page", closed: "closed" } as const;
export type PageName = keyof typeof IDS;

export class Pages {
  #shown: PageName = "room";
  #next: PageName | null = null;

  get shown(): PageName {
    return this.#shown;
  }

  /** The words of a code are shown once: whatever happens meanwhile waits until `done`. */
  show(name: PageName): void {
    if (this.#shown === name) return;
    if (this.#shown === "code") {
      this.#next = name;
      return;
    }
    this.#turnTo(name);
  }

  /** The visitor has the words. */
  done(): void {
    this.#turnTo(this.#next ?? "room");
    this.#next = null;
  }

  #turnTo(name: PageName): void {
    this.#shown = name;
    for (const [other, id] of Object.entries(IDS)) byId(id, HTMLElement).hidden = other !== name;
    byId("now", HTMLElement).hidden = name !== "room";
    if (name === "room") {
      byId("log", HTMLElement).focus({ preventScroll: true });
      window.scrollTo(0, document.documentElement.scrollHeight);
      return;
    }
    window.scrollTo(0, 0);
    within(byId(IDS[name], HTMLElement), "h1", HTMLElement).focus({ preventScroll: true });
  }
}
