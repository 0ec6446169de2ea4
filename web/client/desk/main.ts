/** The desk: joins the socket, the board, my conversations and the two that are open. */
import { byId, showWhen } from "../shared/dom";
import { refusalWords } from "../shared/entry_view";
import { showLink } from "../shared/link_band";
import { parseBoard, parseCard, parseConversation, parseDeskEntry, parseEntries } from "../shared/parsers";
import type { Answer, Board, Card, Refusal } from "../shared/protocol";
import { text } from "../shared/texts";
import { NoAnswer, Wire, newKey } from "../shared/wire";
import { Keys } from "./keys";
import { Offers } from "./offers";
import { StatusChoice } from "./panel";
import type { Act, Asked } from "./panel";
import { QueueView } from "./queue";
import { Conversation } from "./thread";
import { Pane } from "./view";

const OPEN_AT_ONCE = 2;
const NEXT = "next";

const me = byId("me", HTMLElement).dataset.name ?? "";
const panes = byId("panes", HTMLElement);
const mine = new Map<string, Conversation>();
const unknownUnread = new Set<string>(); // mine since before this page was loaded, not opened yet
const keys = new Keys(newKey);
let open: Pane[] = []; // the one used last stands at the end
let board: Board | null = null;
let taking = false;

const queue = new QueueView({
  claim: (card) => void take(card),
  open: (card) => { openCard(card); },
  unread: (card) => mine.get(card.id)?.unread ?? unknownUnread.has(card.id),
});

const offers = new Offers({
  accept: (card) => void takeBy("accept", card.id),
  decline: (card) => void decline(card),
});

const status = new StatusChoice(async (wanted) => {
  const answer = await attempt(() => wire.ask("status", { status: wanted }));
  if (answer?.ok === false) say("failed");
  return answer?.ok === true;
});

const wire = new Wire({
  namespace: "/desk",
  events: {
    board: (payload) => { drawBoard(parseBoard(payload)); },
    entry: (payload) => {
      const { conversation, entry } = parseDeskEntry(payload);
      const found = mine.get(conversation);
      if (found !== undefined) found.arrive(entry);
      else if (entry.code === "offered") offers.note(conversation, entry);
      else if (entry.sender === "visitor" && !offers.has(conversation)) unknownUnread.add(conversation);
    },
    conversation: (payload) => {
      const card = parseCard(payload);
      offers.one(card);
      if (card.mine) mine.get(card.id)?.update(card);
      else lose(card, card.visitor === "left" ? "gone_left" : card.state === "with_staff" ? "taken_over" : "not_mine");
    },
    typing: (payload) => {
      const found = mine.get(parseConversation(payload));
      if (found !== undefined) paneOf(found)?.typing.heard();
    },
    behind: lookAgain,
  },
  onLink: showLink,
  onConnect: lookAgain,
  onRefused: signedOut,
});

function lookAgain(): void {
  void refreshBoard();
  for (const conversation of mine.values()) conversation.catchUp();
  look();
}

function say(key: string, values: Record<string, string> = {}): void {
  const notice = byId("desk-notice", HTMLElement);
  notice.hidden = false;
  notice.textContent = text(key, values);
}

function signedOut(): void {
  for (const { card } of [...mine.values()]) lose(card, "signed_out");
  offers.all([]);
  say("signed_out");
}

async function refreshBoard(): Promise<void> {
  const answer = await wire.ask("board", {}).catch(() => null);
  if (answer?.ok === true) drawBoard(parseBoard(answer.body.board));
  else if (answer?.code === "not_found") signedOut(); // in another window, while this connection stayed open
  else if (wire.up) window.setTimeout(() => void refreshBoard(), 2_000);
}

function drawBoard(fresh: Board): void {
  board = fresh;
  const ids = new Set(fresh.mine.map((card) => card.id));
  for (const card of fresh.mine) mine.get(card.id)?.update(card);
  // Missing on the board: the answer to catching up says whether it is really gone.
  for (const conversation of mine.values()) if (!ids.has(conversation.card.id)) conversation.catchUp();
  queue.draw(fresh);
  offers.all(fresh.offered);
  status.draw(fresh.me);
  for (const pane of open) pane.panel.colleagues(fresh.colleagues);
}

function redraw(): void {
  if (board !== null) queue.draw(board);
}

/** The conversation of a card that is mine, made when it is needed first. */
function conversationOf(card: Card): Conversation {
  const known = mine.get(card.id);
  if (known !== undefined) return known;
  const made = new Conversation(card, me, wire, {
    entries: (conversation, fresh) => {
      const pane = paneOf(conversation);
      pane?.add(fresh);
      if (pane !== undefined && !document.hidden) {
        if (document.hasFocus()) conversation.seen();
        return;
      }
      if (!fresh.some((entry) => entry.sender === "visitor")) return;
      conversation.unread = true;
      redraw();
    },
    card: (conversation) => { paneOf(conversation)?.refresh(); },
    outgoing: (conversation, message) => { paneOf(conversation)?.show(message); },
    // Not when it was taken again meanwhile: a late answer is about the time before.
    lost: (conversation) => {
      if (mine.get(conversation.card.id) === conversation) lose(conversation.card, "not_mine");
    },
  });
  mine.set(card.id, made);
  return made;
}

function paneOf(conversation: Conversation): Pane | undefined {
  return open.find((pane) => pane.conversation === conversation);
}

function read(conversation: Conversation): void {
  conversation.unread = false;
  unknownUnread.delete(conversation.card.id);
  queue.markRead(conversation.card);
}

function openCard(card: Card): void {
  const fresh = !mine.has(card.id);
  const conversation = conversationOf(card);
  if (fresh) conversation.catchUp();
  openPane(conversation);
}

function openPane(conversation: Conversation): void {
  let pane = paneOf(conversation);
  if (pane === undefined) {
    const wishes = { act: (...done: [Conversation, Act, Asked]) => void act(...done), answer, takeBack, focused: used };
    const made = new Pane(conversation, me, wishes);
    const [oldest] = open;
    if (open.length >= OPEN_AT_ONCE && oldest !== undefined) {
      oldest.root.replaceWith(made.root); // its draft stays with the conversation
      open = open.slice(1);
    } else panes.append(made.root);
    showWhen(made.root, "link", wire.up ? "up" : "down");
    if (board !== null) made.panel.colleagues(board.colleagues);
    open.push(made);
    pane = made;
  }
  read(conversation);
  pane.focus();
  look();
}

function used(conversation: Conversation): void {
  const pane = paneOf(conversation);
  if (pane === undefined) return;
  open = [...open.filter((other) => other !== pane), pane];
  if (conversation.unread) read(conversation);
}

/** No longer mine: its words leave the screen and the memory at once. */
function lose(card: Card, why: string): void {
  unknownUnread.delete(card.id);
  const conversation = mine.get(card.id);
  if (conversation === undefined) return;
  const pane = paneOf(conversation);
  const hadFocus = pane?.root.contains(document.activeElement) ?? false;
  mine.delete(card.id);
  conversation.outbox.abandon("not_found");
  pane?.root.remove();
  open = open.filter((other) => other !== pane);
  say(why, { alias: card.alias, name: card.name ?? "" });
  if (hadFocus) byId("next", HTMLButtonElement).focus();
}

async function take(card: Card | null): Promise<void> {
  await takeBy(card === null ? "claim_next" : "claim", card?.id ?? null);
}

/** A key is kept until there is an answer: a second press after a lost one gets the same visitor, not another. */
async function takeBy(event: "claim" | "claim_next" | "accept", id: string | null): Promise<void> {
  if (taking) return;
  taking = true;
  const press = event + (id ?? NEXT);
  const payload = { client_id: keys.of(press), ...(id === null ? {} : { conversation: id }) };
  const answer = await attempt(() => wire.ask(event, payload)).finally(() => { taking = false; });
  if (answer === null) return;
  keys.answered(press);
  if (!answer.ok) {
    notTaken(answer, id === null);
    return;
  }
  const taken = parseCard(answer.body.conversation);
  const conversation = conversationOf(taken);
  conversation.load(taken, parseEntries(answer.body));
  byId("desk-notice", HTMLElement).hidden = true;
  openPane(conversation);
}

function notTaken(refusal: Refusal, next: boolean): void {
  const words: Readonly<Record<string, string>> = {
    already_claimed: "already_claimed",
    not_waiting: next ? "not_waiting" : "not_waiting_now",
    at_capacity: "full",
    not_available: "not_available",
    offer_gone: "offer_gone",
  };
  say(words[refusal.code] ?? "failed", { name: refusal.name ?? "" });
  if (refusal.code === "offer_gone") void refreshBoard();
}

async function decline(card: Card): Promise<void> {
  const answer = await wire.insist("decline", { conversation: card.id, client_id: newKey() });
  if (!answer.ok) say(answer.code === "offer_gone" ? "offer_gone" : "failed");
  offers.one({ ...card, offered: false });
}

function takeBack(conversation: Conversation): void {
  void wire.insist("decline", { conversation: conversation.card.id, client_id: newKey() });
}

/** A worker sees at once when something did not work, and decides; only replies go again by themselves. */
async function attempt(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    say("failed");
    return null;
  }
}

const DONE: Readonly<Record<string, string>> = { release: "done_released", close: "done_closed", hand_back: "done_handed_back" };

async function act(conversation: Conversation, wanted: Act, { words, to }: Asked): Promise<void> {
  const { id, alias, state } = conversation.card;
  const extra = { note: { text: words }, offer: { text: words, to }, release: words === "" ? {} : { reason: words } };
  const payload = { conversation: id, client_id: newKey(), ...extra[wanted as keyof typeof extra] };
  const pane = paneOf(conversation);
  pane?.panel.busy(true);
  const answer = await wire.insist(wanted, payload);
  pane?.panel.busy(false);
  const done = wanted === "release" && state === "answering" ? "done_letter_back" : DONE[wanted];
  if (answer.ok && done === undefined) pane?.panel.close(true);
  else if (answer.ok) lose(conversation.card, done ?? "");
  else if (answer.code === "not_found" || answer.code === "closed") lose(conversation.card, "not_mine");
  else pane?.panel.say(refusalWords(answer));
  if (answer.ok && done !== undefined) say(done, { alias });
}

function answer(conversation: Conversation, words: string): void {
  const { id, alias } = conversation.card;
  void wire.insist("answer", { conversation: id, client_id: newKey(), text: words }).then((result) => {
    if (result.ok) {
      lose(conversation.card, "done_answered");
      say("done_answered", { alias });
    } else {
      conversation.draft = words;
      paneOf(conversation)?.take(words);
      say("failed");
    }
  });
}

byId("next", HTMLButtonElement).addEventListener("click", (event) => {
  if (event.detail < 2) void take(null); // a double click takes one visitor, not two
});
byId("lost-now", HTMLButtonElement).addEventListener("click", () => { wire.tryNow(); });

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select") !== null;
  if (event.key !== "g" || typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  event.preventDefault();
  void take(null);
});

document.addEventListener("visibilitychange", look);
window.addEventListener("focus", look);

/** The worker is at this window: what is open in it is being read. */
function look(): void {
  if (document.hidden) return;
  for (const { conversation } of open) {
    if (conversation.unread) read(conversation);
    if (document.hasFocus()) conversation.seen();
  }
}
