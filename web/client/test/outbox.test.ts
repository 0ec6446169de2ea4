import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Ack, Outgoing } from "../shared/outbox";
import { Outbox, entryOf } from "../shared/outbox";
import type { Stored } from "../shared/protocol";
import { refusalOf as refusal } from "../shared/protocol";

const AT = new Date("2026-11-24T09:30:00Z");

function stored(number: number): Stored {
  return { number, prev: number - 1, at: AT };
}

type Step = Ack | "no answer" | Promise<Ack>;

/** An outbox whose server answers with `steps`, one after the other, and then numbers on. */
function outboxWith(...steps: Step[]) {
  const sent: string[] = [];
  const shown: string[] = [];
  const pauses: number[] = [];
  const last = new Map<string, Outgoing>();
  let number = 0;
  let keys = 0;
  const outbox = new Outbox({
    newKey: () => {
      keys += 1;
      return `key-${keys}`;
    },
    send: async ({ key, text }) => {
      sent.push(`${key} ${text}`);
      const step = steps.shift();
      if (step === "no answer") throw new Error("no answer");
      number += 1;
      return step ?? { ok: true, ...stored(number) };
    },
    show: (message) => {
      shown.push(`${message.key} ${message.delivery}`);
      last.set(message.key, message);
    },
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  });
  return { outbox, sent, shown, pauses, last };
}

/** Lets everything that is ready happen. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe("outbox", () => {
  it("keeps words that are not to be sent, with the reason", async () => {
    const { outbox, sent, shown, last } = outboxWith();
    outbox.keep("my words", "closed");
    await settle();
    assert.deepEqual([sent, shown], [[], ["key-1 refused"]]);
    assert.equal(last.get("key-1")?.refusal?.code, "closed");
  });

  it("shows a message at once and as sent after the acknowledgement", async () => {
    const { outbox, shown, last } = outboxWith();
    outbox.add("hello", "cost");
    assert.deepEqual(shown, ["key-1 sending"]);
    await settle();
    assert.deepEqual(shown, ["key-1 sending", "key-1 sent"]);
    assert.equal(last.get("key-1")?.stored?.number, 1);
    assert.equal(last.get("key-1")?.topic, "cost");
    assert.deepEqual(outbox.pending, []);
  });

  it("sends one at a time, in the order of writing", async () => {
    let answer: (ack: Ack) => void = () => undefined;
    const first = new Promise<Ack>((resolve) => {
      answer = resolve;
    });
    const { outbox, sent } = outboxWith(first);
    outbox.add("one");
    outbox.add("two");
    await settle();
    assert.deepEqual(sent, ["key-1 one"]);
    answer({ ok: true, ...stored(1) });
    await settle();
    assert.deepEqual(sent, ["key-1 one", "key-2 two"]);
  });

  it("repeats with the same key until there is an answer, with growing pauses", async () => {
    const { outbox, sent, shown, pauses } = outboxWith("no answer", "no answer", "no answer", "no answer", "no answer");
    outbox.add("hello");
    await settle();
    assert.deepEqual(new Set(sent), new Set(["key-1 hello"]));
    assert.equal(sent.length, 6);
    assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 8_000]);
    assert.deepEqual(shown, ["key-1 sending", "key-1 waiting", "key-1 sent"]);
  });

  it("waits as long as the server asks when it is too fast", async () => {
    const { outbox, sent, shown, pauses } = outboxWith(refusal("too_fast", { retryAfter: 3 }));
    outbox.add("hello");
    await settle();
    assert.deepEqual(pauses, [3_000]);
    assert.deepEqual(sent, ["key-1 hello", "key-1 hello"]);
    assert.deepEqual(shown, ["key-1 sending", "key-1 slowed", "key-1 sent"]);
  });

  it("does not repeat a refusal, says why and goes on with the next", async () => {
    const { outbox, sent, last } = outboxWith(refusal("too_long", { limit: 4000, length: 4001 }));
    outbox.add("long");
    outbox.add("short");
    await settle();
    assert.deepEqual(sent, ["key-1 long", "key-2 short"]);
    assert.equal(last.get("key-1")?.delivery, "refused");
    assert.equal(last.get("key-1")?.refusal?.limit, 4000);
    assert.equal(last.get("key-1")?.text, "long");
    assert.equal(last.get("key-2")?.delivery, "sent");
  });

  it("takes the entry itself as the answer when the acknowledgement was lost", async () => {
    let fail: (error: Error) => void = () => undefined;
    const lost = new Promise<Ack>((_resolve, reject) => {
      fail = reject;
    });
    const { outbox, sent, shown } = outboxWith(lost);
    outbox.add("hello");
    outbox.add("again");
    await settle();
    outbox.confirm("key-1", stored(7));
    fail(new Error("connection lost"));
    await settle();
    assert.deepEqual(sent, ["key-1 hello", "key-2 again"]);
    assert.deepEqual(shown, ["key-1 sending", "key-2 sending", "key-1 sent", "key-2 sent"]);
  });

  it("ignores the entry of a message that is not waiting", () => {
    const { outbox, shown } = outboxWith();
    outbox.confirm("of another window", stored(3));
    assert.deepEqual(shown, []);
  });

  it("makes the entry of one's own words from the acknowledgement, and from nothing sooner", async () => {
    const { outbox, last } = outboxWith({ ok: true, number: 7, prev: 4, at: AT });
    const message = outbox.add("hello");
    assert.equal(entryOf(message, "visitor", null), null);
    await settle();
    const sent = last.get("key-1");
    assert.ok(sent);
    const entry = entryOf(sent, "staff", "Noor");
    assert.deepEqual(
      [entry?.number, entry?.prev, entry?.at, entry?.text, entry?.clientId, entry?.sender, entry?.name],
      [7, 4, AT, "hello", "key-1", "staff", "Noor"],
    );
  });

  it("gives everything back when nothing can be delivered any more", async () => {
    const { outbox, last } = outboxWith(new Promise<Ack>(() => undefined));
    outbox.add("one");
    outbox.add("two");
    await settle();
    outbox.abandon("closed");
    assert.deepEqual([...last.values()].map((message) => message.refusal?.code), ["closed", "closed"]);
    assert.deepEqual(outbox.pending, []);
  });
});
