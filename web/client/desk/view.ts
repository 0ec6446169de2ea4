/** One open conversation on the screen: history, reply or answer, and what else can be done with it. */
import { Composer } from "../shared/composer";
import type { Outgoing } from "../shared/outbox";
import { cloneOf, el, fill, showWhen, within } from "../shared/dom";
import { Story } from "../shared/entry_view";
import type { Place } from "../shared/entry_view";
import type { Entry } from "../shared/protocol";
import { TalkList } from "../shared/talk_list";
import { text } from "../shared/texts";
import { ShowsTyping } from "../shared/typing";
import { Panel } from "./panel";
import type { Act, Asked } from "./panel";
import { about, minutesSince, urgencyTag } from "./queue";
import type { Conversation } from "./thread";

const NEAR_END_PX = 80;

export interface PaneWishes {
  readonly act: (conversation: Conversation, act: Act, asked: Asked) => void;
  readonly answer: (conversation: Conversation, words: string) => void;
  readonly takeBack: (conversation: Conversation) => void;
  readonly focused: (conversation: Conversation) => void;
}

let panesMade = 0;

export class Pane {
  readonly root: HTMLElement;
  readonly conversation: Conversation;
  readonly panel: Panel;
  readonly typing = new ShowsTyping((writing) => {
    fill(this.root, "typing", writing ? text("visitor_types") : "");
  });
  readonly #wishes: PaneWishes;
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
    this.#wishes = wishes;
    this.root = cloneOf("pane");
    this.root.dataset.conversation = conversation.card.id;
    this.root.dataset.alias = conversation.card.alias;
    this.#log = within(this.root, ".log", HTMLElement);
    this.#before = within(this.root, ".before", HTMLDetailsElement);
    this.#field = within(this.root, "form[data-reply] textarea", HTMLTextAreaElement);
    const story = new Story();
    const place: Place = {
      me,
      story,
      onEdit: (message) => {
        conversation.forget(message.key);
        this.#talk.forget(message.key);
        this.take(message.text);
      },
    };
    this.#beforeTalk = new TalkList(within(this.root, '[data-list="before"]', HTMLElement), { me, story });
    this.#talk = new TalkList(within(this.root, '[data-list="talk"]', HTMLElement), place);
    this.#composer = this.#compose();
    panesMade += 1;
    this.panel = new Panel(this.root, `pane-${panesMade}`, (act, asked) => { wishes.act(conversation, act, asked); });
    this.#name();
    this.#listen();
    this.#field.value = conversation.draft;
    this.add(conversation.thread.entries);
    for (const message of conversation.outgoing.values()) this.#talk.show(message);
    this.refresh();
  }

  focus(): void {
    this.#field.focus();
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Words that did not go, back into the field. */
  take(words: string): void {
    this.#composer.take(words);
    this.conversation.draft = this.#field.value;
  }

  add(entries: readonly Entry[]): void {
    const follow = this.#log.scrollTop + this.#log.clientHeight >= this.#log.scrollHeight - NEAR_END_PX;
    for (const entry of entries) {
      if (entry.sender === "visitor") this.typing.stopped();
      if (entry.code === "claimed" || entry.code === "letter_sent") this.#claimed = true;
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
    within(this.root, "[data-offered]", HTMLElement).hidden = !this.conversation.offered;
    if (follow) this.#log.scrollTop = this.#log.scrollHeight;
  }

  show(message: Outgoing): void {
    this.#talk.show(message);
    if (message.delivery === "sending" || message.delivery === "refused") this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Everything that the card says: who, how urgent, here or away, a chat or a letter. */
  refresh(): void {
    const { card } = this.conversation;
    fill(this.root, "alias", card.alias);
    const tag = urgencyTag(card);
    tag.dataset.fill = "urgency";
    within(this.root, '[data-fill="urgency"]', HTMLElement).replaceWith(tag);
    fill(this.root, "about", [about(card), minutesSince(card.startedAt)].join(" · "));
    fill(this.root, "presence", text(`visitor_${card.visitor}`));
    this.root.dataset.visitor = card.visitor;
    const letter = card.state === "answering";
    this.#composer.enterSends = !letter;
    showWhen(this.root, "when", letter ? "letter" : "chat");
    within(this.root, "[data-away]", HTMLElement).hidden = letter || card.visitor === "here";
    const key = letter ? "answer_to" : "reply_to";
    within(this.root, "form[data-reply] label", HTMLElement).textContent = text(key, { alias: card.alias });
  }

  #compose(): Composer {
    const parts = {
      field: this.#field,
      button: this.#button("send"),
      problem: within(this.root, "[data-problem]", HTMLElement),
    };
    const send = (words: string): void => {
      this.conversation.draft = "";
      if (this.conversation.card.state === "answering") this.#wishes.answer(this.conversation, words);
      else this.conversation.outbox.add(words);
    };
    const typed = (): void => { this.conversation.typed(); };
    return new Composer(within(this.root, "form[data-reply]", HTMLFormElement), parts, send, typed);
  }

  #name(): void {
    const { alias } = this.conversation.card;
    const [title, field, problem] = ["title", "reply", "problem"].map((part) => `pane-${part}-${panesMade}`);
    const heading = within(this.root, "h2", HTMLElement);
    heading.id = title ?? "";
    this.root.setAttribute("aria-labelledby", heading.id);
    this.#field.id = field ?? "";
    within(this.root, "[data-problem]", HTMLElement).id = problem ?? "";
    this.#field.setAttribute("aria-describedby", problem ?? "");
    const label = el("label");
    label.htmlFor = this.#field.id;
    within(this.root, "form[data-reply] label", HTMLElement).replaceWith(label);
    this.#log.ariaLabel = text("messages_of", { alias });
  }

  #listen(): void {
    this.#button("take-back").addEventListener("click", () => { this.#wishes.takeBack(this.conversation); });
    this.#field.addEventListener("input", () => { this.conversation.draft = this.#field.value; });
    this.root.addEventListener("focusin", () => { this.#wishes.focused(this.conversation); });
  }

  #button(act: string): HTMLButtonElement {
    return within(this.root, `[data-act="${act}"]`, HTMLButtonElement);
  }
}
