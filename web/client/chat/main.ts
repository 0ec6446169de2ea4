/** The visitor's chat: joins the socket, the order of entries, the outbox and the page. */
import { byId, fill, within } from "../shared/dom";
import { Composer } from "../shared/composer";
import { find, located } from "../shared/details";
import type { Found } from "../shared/details";
import { showLink } from "../shared/link_band";
import { Outbox, entryOf } from "../shared/outbox";
import type { Outgoing } from "../shared/outbox";
import { parseEntries, parseEntry, parsePlace, parseRead, parseStored, parseView } from "../shared/parsers";
import type { Entry, Refusal, Suggestion, View } from "../shared/protocol";
import { moment, text } from "../shared/texts";
import { ShowsTyping, TellsTyping } from "../shared/typing";
import { NoAnswer, Wire, newKey } from "../shared/wire";
import { EndPage } from "./end";
import type { End } from "./end";
import { Keeping } from "./keeping";
import { tabStore } from "./kept";
import { Later } from "./later";
import { LEAVING } from "./leave";
import { Pages } from "./pages";
import { Question } from "./question";
import { Sound, chime } from "./sound";
import { CatchUp, Thread, placed } from "./thread";
import { RoomView } from "./view";

type Wish = "ask_person" | "withdraw" | "stay" | "cancel" | "leave";

const thread = new Thread();
const pages = new Pages();
const question = new Question();
const field = within(document, "#compose > .chat", HTMLElement);
let known: View | null = null;
let over = false;
let forgetting = false;

const room = new RoomView(
  {
    askPerson: () => void wish("ask_person"),
    withdraw: () => void wish("withdraw"),
    stay: () => void wish("stay"),
    leave: () => void leave(),
    forget: () => void forget(),
    letter: () => { later.writeLetter(); },
    times: () => { later.chooseTime(); },
    cancel: () => void wish("cancel"),
    retryNow: () => { wire.tryNow(); },
  },
  {
    me: null,
    onSuggestion: suggest,
    onEdit: (message) => {
      room.forget(message.key);
      const { refusal } = message;
      if (refusal?.code === "identifying" && !question.open) ask(message.text, located(message.text, refusal.found));
      else composer.take(message.text);
      keeping.keep();
    },
  },
);

const outbox = new Outbox({
  newKey,
  pause: (ms) => wire.pause(ms),
  changed: () => { keeping.keep(); },
  show: (message) => {
    if (asked(message)) return;
    room.show(message);
    settle(message);
  },
  send: async ({ key, text: words, topic, asIs }) => {
    const payload = { client_id: key, text: words, ...(topic === null ? {} : { topic }), ...(asIs ? { as_is: true } : {}) };
    const answer = await wire.ask("say", payload);
    return answer.ok ? { ok: true, ...parseStored(answer.body) } : answer;
  },
});

const tells = new TellsTyping(() => {
  if (known?.state === "with_staff") void wire.ask("typing", {}).catch(() => null);
});

const shows = new ShowsTyping((writing) => {
  room.typing(writing ? (known?.name ?? null) : null);
});

const composer = new Composer(
  byId("compose", HTMLFormElement),
  {
    field: byId("words", HTMLTextAreaElement),
    button: byId("send", HTMLButtonElement),
    problem: byId("compose-problem", HTMLElement),
  },
  say,
  () => { tells.typed(); },
);

const catchUp = new CatchUp(async () => {
  await keeping.ready; // what was not sent stands there already when its entry comes
  try {
    const again = thread.last > 0;
    const answer = await wire.ask("resume", { after: thread.last });
    if (!answer.ok) {
      end("gone");
      return;
    }
    const fresh = thread.catchUp(parseEntries(answer.body));
    const view = parseView(answer.body.view);
    thread.checked(view.lastNumber);
    for (const entry of fresh) confirm(entry);
    if (again) listen(fresh);
    // The bar first, because it takes room above what is scrolled to; but the last words before the page of the end.
    if (view.state !== "closed") show(view);
    room.add(fresh);
    if (view.state === "closed") show(view);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    // Without a connection the next connect begins anew; with one it is tried again here.
    if (wire.up) window.setTimeout(() => void catchUp.now(), 2_000);
  }
});

const wire = new Wire({
  namespace: "/chat",
  events: {
    entry: (payload) => { arrive(parseEntry(payload)); },
    view: (payload) => {
      const view = parseView(payload);
      show(view);
      if (thread.behind(view.lastNumber)) void catchUp.now();
    },
    place: (payload) => {
      const view = placed(known, parsePlace(payload));
      if (view !== null) show(view);
    },
    read: (payload) => { room.read(parseRead(payload)); },
    typing: () => { if (known?.state === "with_staff") shows.heard(); },
    // Destroying is news to the other windows only; this one waits for its own answer.
    behind: () => { if (!over && !forgetting) void catchUp.now(); },
  },
  onLink: (link) => { if (!over) showLink(link); },
  onConnect: () => { if (!over) void catchUp.now(); },
  onRefused: () => { end("gone"); },
});

const later = new Later(wire, pages, question, {
  view: (view) => {
    show(view);
    if (thread.behind(view.lastNumber)) void catchUp.now();
  },
  refused: refused,
  moved: () => { keeping.keep(); },
});

const keeping = new Keeping({ outbox, later, composer, asked: () => question.about(field) });
const sound = new Sound({ play: chime(), store: tabStore() });
room.sound(sound);
document.addEventListener(LEAVING, () => {
  over = true;
  wire.end();
});

const endPage = new EndPage({
  forget: () => void forget(),
});

/** In its place, or by catching up when something before it is not here yet. */
function arrive(entry: Entry): void {
  const arrival = thread.arrive(entry);
  if (arrival === "gap") void catchUp.now();
  if (arrival !== "new") return;
  confirm(entry);
  listen([entry]);
  if (entry.sender === "staff") shows.stopped();
  room.add([entry]);
}

/** Words of the other side are heard, if the visitor wants that. */
function listen(entries: readonly Entry[]): void {
  if (entries.some(({ sender, kind }) => (sender === "assistant" || sender === "staff") && kind !== "change")) sound.heard();
}

/** Words of the writing field: on their way, or first a question about them. */
function say(words: string): void {
  const found = find(words);
  if (found.length === 0) outbox.add(words);
  else ask(words, found);
}

function ask(words: string, found: readonly Found[]): void {
  question.ask({
    words,
    found,
    place: field,
    send: (chosen, asIs) => {
      composer.focus();
      outbox.add(chosen, null, asIs);
    },
    back: (kept) => {
      composer.take(kept);
      keeping.keep();
    },
  });
}

/** The server saw what the browser did not: the same question, unless another one is open or it is over. */
function asked(message: Outgoing): boolean {
  if (message.refusal?.code !== "identifying" || question.open || over || pages.shown !== "room") return false;
  room.forget(message.key);
  ask(message.text, located(message.text, message.refusal.found));
  return true;
}

function confirm(entry: Entry): void {
  if (entry.clientId !== null) outbox.confirm(entry.clientId, entry);
}

/** The acknowledgement is all that comes for one's own words, so their entry is made here. */
function settle(message: Outgoing): void {
  const entry = entryOf(message, "visitor", null);
  if (entry !== null) arrive(entry);
}

function show(view: View): void {
  if (over) return;
  known = view;
  if (view.state !== "with_staff") shows.stopped();
  if (view.state !== "closed") {
    room.view(view);
    const unsent = later.view(view);
    if (unsent !== "") composer.take(unsent);
    if (unsent !== "") keeping.keep();
    return;
  }
  // The last words of the other side may come after this: catch up before the page changes.
  if (thread.behind(view.lastNumber) && wire.up) window.setTimeout(end, 500, "ended");
  else end("ended");
}

function end(why: End): void {
  if (over) return;
  over = true;
  keeping.end();
  const code = why === "ended" ? "closed" : "not_found";
  outbox.abandon(code);
  const unsent = question.drop();
  if (unsent !== "" && why !== "forgotten") outbox.keep(unsent, code);
  room.close();
  endPage.show(thread.entries, why, room.hasOutgoing);
  pages.show("closed");
  // After an end the connection stays: it is the only way left to have everything erased at once.
  if (why === "gone" || why === "forgotten") wire.end();
}

function suggest(suggestion: Suggestion): void {
  if (suggestion.topic === "human") void wish("ask_person");
  else outbox.add(suggestion.label, suggestion.topic === "" ? null : suggestion.topic);
  room.focusLog();
}

/** Not possible in this state: show the state that it is in. */
async function refused(refusal: Refusal): Promise<void> {
  if (refusal.code === "closed" || refusal.code === "not_found") end("gone");
  else await catchUp.now();
}

async function wish(event: Wish): Promise<void> {
  room.busy(true);
  try {
    const answer = await wire.insist(event, event === "stay" ? {} : { client_id: newKey() });
    if (answer.ok) {
      show(parseView(answer.body.view));
      if (event === "ask_person") {
        await catchUp.now();
        room.showWaiting();
      }
    } else if (answer.code === "not_open") {
      await catchUp.now();
      room.offerLater(answer);
      return;
    } else await refused(answer);
    if (event !== "leave") room.focusLog();
  } finally {
    room.busy(false);
  }
}

async function leave(): Promise<void> {
  room.busy(true);
  const answer = await wire.insist("leave", { client_id: newKey() });
  const left = answer.ok ? parseView(answer.body.view) : null;
  const until = left?.state === "assistant" ? left.appointmentAt : null;
  if (until !== null) fill(document, "until", moment(until));
  if (left === null || left.state === "closed") end("ended");
  else end(until === null ? "letter" : "booked");
}

async function forget(): Promise<void> {
  room.busy(true);
  forgetting = true;
  try {
    // At the end of a conversation nothing brings a lost connection back, so it is asked once and said if it fails.
    const answer = over ? await wire.ask("forget", {}) : await wire.insist("forget", {});
    if (!answer.ok && answer.code !== "not_found") throw new NoAnswer(answer.code);
    end("forgotten");
    endPage.forgotten();
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    endPage.say(text("forget_failed"));
  } finally {
    forgetting = false;
    room.busy(false);
  }
}
