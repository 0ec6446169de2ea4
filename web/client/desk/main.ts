/** The desk: joins the socket, the board, my conversations and the two that are open. */
import { byId, showWhen } from "../shared/dom";
import type { Answer, Board, Card } from "../shared/protocol";
import { parseBoard, parseCard, parseDeskEntry, parseEntries } from "../shared/protocol";
import { text } from "../shared/texts";
import { NoAnswer, Wire, newKey } from "../shared/wire";
import { QueueView } from "./queue";
import { Conversation } from "./thread";
import { Pane } from "./view";

const OPEN_AT_ONCE = 2;

const me = byId("me", HTMLElement).dataset.name ?? "";
const panes = byId("panes", HTMLElement);
const mine = new Map<string, Conversation>();
const unknownUnread = new Set<string>(); // mine since before this page was loaded, not opened yet
let open: Pane[] = []; // the one used last stands at the end
let board: Board | null = null;
let taking = false;

const queue = new QueueView({
  claim: (card) => void take(card),
  open: (card) => { openCard(card); },
  unread: (card) => mine.get(card.id)?.unread ?? unknownUnread.has(card.id),
});

const wire = new Wire({
  namespace: "/desk",
  events: {
    board: (payload) => { drawBoard(parseBoard(payload)); },
    entry: (payload) => {
      const { conversation, entry } = parseDeskEntry(payload);
      const found = mine.get(conversation);
      if (found !== undefined) found.arrive(entry);
      else if (entry.sender === "visitor") unknownUnread.add(conversation);
    },
    conversation: (payload) => {
      const card = parseCard(payload);
      if (card.mine) mine.get(card.id)?.update(card);
      else lose(card, card.visitor === "left" ? "gone_left" : "not_mine");
    },
  },
  onLink: (link) => {
    byId("lost", HTMLElement).hidden = link.up;
    showWhen(document, "link", link.up ? "up" : "down");
    if (link.up) return;
    const seconds = Math.max(2, Math.round(link.retryInMs / 1000));
    byId("lost-when", HTMLElement).textContent = link.retryInMs === 0 ? text("trying") : text("try_in", { seconds });
  },
  onConnect: () => {
    void refreshBoard();
    for (const conversation of mine.values()) conversation.catchUp();
  },
  onRefused: signedOut,
});

function say(key: string, values: Record<string, string> = {}): void {
  const notice = byId("desk-notice", HTMLElement);
  notice.hidden = false;
  notice.textContent = text(key, values);
}

function signedOut(): void {
  for (const { card } of [...mine.values()]) lose(card, "signed_out");
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
}

function redraw(): void {
  if (board !== null) queue.draw(board);
}

/** The conversation of a card that is mine, made when it is needed first. */
function conversationOf(card: Card): Conversation {
  const known = mine.get(card.id);
  if (known !== undefined) return known;
  const made = new Conversation(card, wire, {
    entries: (conversation, fresh) => {
      const pane = paneOf(conversation);
      pane?.add(fresh);
      if (pane !== undefined && !document.hidden) return;
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
    const made = new Pane(conversation, me, { release, close: closeFor, focused: used });
    const [oldest] = open;
    if (open.length >= OPEN_AT_ONCE && oldest !== undefined) {
      oldest.root.replaceWith(made.root); // its draft stays with the conversation
      open = open.slice(1);
    } else panes.append(made.root);
    showWhen(made.root, "link", wire.up ? "up" : "down");
    open.push(made);
    pane = made;
  }
  read(conversation);
  pane.focus();
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
  say(why, { alias: card.alias });
  if (hadFocus) byId("next", HTMLButtonElement).focus();
}

async function take(card: Card | null): Promise<void> {
  if (taking) return;
  taking = true;
  const answer = await attempt(() => (card === null ? wire.ask("claim_next", {}) : wire.ask("claim", { conversation: card.id })))
    .finally(() => { taking = false; });
  if (answer === null) return;
  if (answer.ok) {
    const taken = parseCard(answer.body.conversation);
    const conversation = conversationOf(taken);
    conversation.load(taken, parseEntries(answer.body));
    byId("desk-notice", HTMLElement).hidden = true;
    openPane(conversation);
  } else if (answer.code === "already_claimed") say("already_claimed", { name: answer.name ?? "" });
  else if (answer.code === "not_waiting") say(card === null ? "not_waiting" : "not_waiting_now");
  else say("failed");
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

function release(conversation: Conversation): void {
  void part(conversation, "release", "done_released");
}

function closeFor(conversation: Conversation): void {
  void part(conversation, "close", "done_closed");
}

async function part(conversation: Conversation, event: "release" | "close", done: string): Promise<void> {
  const pane = paneOf(conversation);
  pane?.busy(true);
  const { id, alias } = conversation.card;
  const answer = await wire.insist(event, { conversation: id, client_id: newKey() });
  if (answer.ok) lose(conversation.card, done);
  else if (answer.code === "not_found" || answer.code === "closed") lose(conversation.card, "not_mine");
  else say("failed");
  if (answer.ok) say(done, { alias });
  pane?.busy(false);
}

byId("next", HTMLButtonElement).addEventListener("click", (event) => {
  if (event.detail < 2) void take(null); // a double click takes one visitor, not two
});
byId("lost-now", HTMLButtonElement).addEventListener("click", () => { wire.retryNow(); });

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select") !== null;
  if (event.key !== "g" || typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  event.preventDefault();
  void take(null);
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const { conversation } of open) if (conversation.unread) read(conversation);
});
