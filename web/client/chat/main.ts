/** The visitor's chat: joins the socket, the order of entries, the outbox and the page. */
import { byId } from "../shared/dom";
import type { Answer, Suggestion, View } from "../shared/protocol";
import { parseEntries, parseEntry, parseNumber, parseView } from "../shared/protocol";
import { NoAnswer, Wire, newKey } from "../shared/wire";
import { Composer } from "../shared/composer";
import { Outbox } from "../shared/outbox";
import { CatchUp, Thread } from "./thread";
import { RoomView } from "./view";

const thread = new Thread();
let over = false;

const room = new RoomView(
  {
    askPerson: () => void wish("ask_person"),
    withdraw: () => void wish("withdraw"),
    leave: () => void wish("leave"),
    retryNow: () => {
      wire.retryNow();
    },
  },
  {
    me: null,
    onSuggestion: suggest,
    onEdit: (message) => {
      room.forget(message.key);
      composer.take(message.text);
    },
  },
);

const outbox = new Outbox({
  newKey,
  pause: (ms) => wire.pause(ms),
  show: (message) => {
    room.show(message);
    // Committed, so its entry is on its way; if that gets lost, this brings it.
    if (message.number !== null && thread.behind(message.number)) window.setTimeout(look, 2_000, message.number);
  },
  send: async ({ key, text, topic }) => {
    const payload = { client_id: key, text, ...(topic === null ? {} : { topic }) };
    const answer = await wire.ask("say", payload);
    return answer.ok ? { ok: true, number: parseNumber(answer.body) } : answer;
  },
});

const composer = new Composer(
  byId("compose", HTMLFormElement),
  {
    field: byId("words", HTMLTextAreaElement),
    button: byId("send", HTMLButtonElement),
    problem: byId("compose-problem", HTMLElement),
  },
  (words) => {
    outbox.add(words);
  },
);

const catchUp = new CatchUp(async () => {
  try {
    const answer = await wire.ask("resume", { after: thread.last });
    if (!answer.ok) {
      end("gone");
      return;
    }
    const fresh = thread.catchUp(parseEntries(answer.body));
    const view = parseView(answer.body.view);
    thread.checked(view.lastNumber);
    for (const entry of fresh) if (entry.clientId !== null) outbox.confirm(entry.clientId, entry.number);
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
    entry: (payload) => {
      const entry = parseEntry(payload);
      const arrival = thread.arrive(entry);
      if (arrival === "gap") void catchUp.now();
      if (arrival !== "new") return;
      if (entry.clientId !== null) outbox.confirm(entry.clientId, entry.number);
      room.add([entry]);
    },
    view: (payload) => {
      const view = parseView(payload);
      show(view);
      if (thread.behind(view.lastNumber)) void catchUp.now();
    },
  },
  onLink: (link) => {
    if (!over) room.link(link);
  },
  onConnect: () => void catchUp.now(),
  onRefused: () => {
    end("gone");
  },
});

function look(number: number): void {
  if (thread.behind(number)) void catchUp.now();
}

function show(view: View): void {
  if (over) return;
  if (view.state !== "closed") {
    room.view(view);
    return;
  }
  // The last words of the other side may come after this: catch up before the page changes.
  if (thread.behind(view.lastNumber) && wire.up) {
    window.setTimeout(end, 500, "ended");
    return;
  }
  end("ended");
}

function end(why: "ended" | "gone"): void {
  if (over) return;
  over = true;
  outbox.abandon(why === "ended" ? "closed" : "not_found");
  room.close(thread.entries, why);
  wire.end();
}

function suggest(suggestion: Suggestion): void {
  if (suggestion.topic === "human") void wish("ask_person");
  else outbox.add(suggestion.label, suggestion.topic === "" ? null : suggestion.topic);
  room.focusLog();
}

async function wish(event: "ask_person" | "withdraw" | "leave"): Promise<void> {
  room.busy(true);
  try {
    const answer: Answer = await wire.insist(event, { client_id: newKey() });
    if (answer.ok) show(parseView(answer.body.view));
    else if (answer.code === "closed" || answer.code === "not_found") end(event === "leave" ? "ended" : "gone");
    else await catchUp.now(); // not possible in this state: show the state that it is in
    if (event !== "leave") room.focusLog();
  } finally {
    room.busy(false);
  }
}
