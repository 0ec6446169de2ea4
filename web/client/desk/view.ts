/** One open conversation on the screen: history, reply, give back, close. */
import { Composer } from "../shared/composer";
import type { Outgoing } from "../shared/outbox";
import { cloneOf, el, fill, within } from "../shared/dom";
import type { Place } from "../shared/entry_view";
import type { Entry } from "../shared/protocol";
import { TalkList } from "../shared/talk_list";
import { text } from "../shared/texts";
import { about, minutesSince, urgencyTag } from "./queue";
import type { Conversation } from "./thread";

const NEAR_END_PX = 80;

export interface PaneWishes {
  readonly release: (conversation: Conversation) => void;
  readonly close: (conversation: Conversation) => void;
  readonly focused: (conversation: Conversation) => void;
}

let panesMade = 0;

export class Pane {
  readonly root: HTMLElement;
  readonly conversation: Conversation;
  readonly #log: HTMLElement;
  readonly #before: HTMLDetailsElement;
  readonly #beforeTalk: TalkList;
  readonly #talk: TalkList;
  readonly #composer: Composer;
  readonly #field: HTMLTextAreaElement;
  #claimed = false;
  #filled = false;
  #beforeCount = 0;

  constructor(conversation: Conversation, me: string, wishes: PaneWishes) {
    this.conversation = conversation;
    this.root = cloneOf("pane");
    this.root.dataset.conversation = conversation.card.id;
    this.root.dataset.alias = conversation.card.alias;
    this.#log = within(this.root, ".log", HTMLElement);
    this.#before = within(this.root, ".before", HTMLDetailsElement);
    this.#field = within(this.root, "textarea", HTMLTextAreaElement);
    const place: Place = {
      me,
      onEdit: (message) => {
        conversation.forget(message.key);
        this.#talk.forget(message.key);
        this.#composer.take(message.text);
        conversation.draft = this.#field.value;
      },
    };
    this.#beforeTalk = new TalkList(within(this.root, '[data-list="before"]', HTMLElement), { me });
    this.#talk = new TalkList(within(this.root, '[data-list="talk"]', HTMLElement), place);
    this.#composer = this.#compose();
    this.#name();
    this.#listen(wishes);
    this.#field.value = conversation.draft;
    this.add(conversation.thread.entries);
    for (const message of conversation.outgoing.values()) this.#talk.show(message);
    this.refresh();
  }

  focus(): void {
    this.#field.focus();
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  add(entries: readonly Entry[]): void {
    const follow = this.#log.scrollTop + this.#log.clientHeight >= this.#log.scrollHeight - NEAR_END_PX;
    for (const entry of entries) {
      if (entry.kind === "change" && entry.code === "claimed") this.#claimed = true;
      if (this.#claimed) this.#talk.add(entry);
      else {
        this.#beforeTalk.add(entry);
        if (entry.kind === "text") this.#beforeCount += 1;
      }
    }
    // A worker who has just taken over reads first what was said before.
    if (!this.#filled) this.#before.open = !entries.some((entry) => entry.sender === "staff");
    this.#filled ||= entries.length > 0;
    this.#before.hidden = this.#before.querySelector("li") === null;
    fill(this.#before, "before", text("before_assistant", { count: this.#beforeCount }));
    if (follow) this.#log.scrollTop = this.#log.scrollHeight;
  }

  show(message: Outgoing): void {
    this.#talk.show(message);
    if (message.delivery === "sending" || message.delivery === "refused") this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Everything that the card says: who, how urgent, here or away. */
  refresh(): void {
    const { card } = this.conversation;
    fill(this.root, "alias", card.alias);
    const tag = urgencyTag(card);
    tag.dataset.fill = "urgency";
    within(this.root, '[data-fill="urgency"]', HTMLElement).replaceWith(tag);
    fill(this.root, "about", [about(card), minutesSince(card.startedAt)].join(" · "));
    fill(this.root, "presence", text(`visitor_${card.visitor}`));
    this.root.dataset.visitor = card.visitor;
    within(this.root, "[data-away]", HTMLElement).hidden = card.visitor === "here";
  }

  /** While giving back or closing is on its way. */
  busy(busy: boolean): void {
    for (const act of ["release", "close-yes"]) this.#button(act).ariaDisabled = busy ? "true" : null;
  }

  #compose(): Composer {
    const parts = {
      field: this.#field,
      button: this.#button("send"),
      problem: within(this.root, "[data-problem]", HTMLElement),
    };
    return new Composer(within(this.root, "form", HTMLFormElement), parts, (words) => {
      this.conversation.draft = "";
      this.conversation.outbox.add(words);
    });
  }

  #name(): void {
    const { alias } = this.conversation.card;
    panesMade += 1;
    const [title, field, problem] = ["title", "reply", "problem"].map((part) => `pane-${part}-${panesMade}`);
    const heading = within(this.root, "h2", HTMLElement);
    heading.id = title ?? "";
    this.root.setAttribute("aria-labelledby", heading.id);
    this.#field.id = field ?? "";
    within(this.root, "[data-problem]", HTMLElement).id = problem ?? "";
    this.#field.setAttribute("aria-describedby", problem ?? "");
    const label = el("label", "", text("reply_to", { alias }));
    label.htmlFor = this.#field.id;
    within(this.root, "label", HTMLElement).replaceWith(label);
    this.#log.ariaLabel = text("messages_of", { alias });
  }

  #listen(wishes: PaneWishes): void {
    const sure = within(this.root, "[data-sure]", HTMLElement);
    const tools = within(this.root, ".tools:not([data-sure])", HTMLElement);
    const ask = (open: boolean): void => {
      sure.hidden = !open;
      tools.hidden = open;
      this.#button(open ? "close-no" : "close").focus();
    };
    const on = (act: string, run: () => void): void => {
      const button = this.#button(act);
      button.addEventListener("click", () => {
        if (button.ariaDisabled !== "true") run();
      });
    };
    on("close", () => { ask(true); });
    on("close-no", () => { ask(false); });
    on("close-yes", () => { wishes.close(this.conversation); });
    on("release", () => { wishes.release(this.conversation); });
    this.#field.addEventListener("input", () => { this.conversation.draft = this.#field.value; });
    this.root.addEventListener("focusin", () => { wishes.focused(this.conversation); });
  }

  #button(act: string): HTMLButtonElement {
    return within(this.root, `[data-act="${act}"]`, HTMLButtonElement);
  }
}
