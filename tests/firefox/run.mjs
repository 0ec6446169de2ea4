// One journey in Firefox: node run.mjs '{"journey": "assistant", "url": …}'. Exits with 1, and what was on the screens, if it fails.
import { createInterface } from "node:readline";
import * as ends from "./ends.mjs";
import * as journeys from "./journeys.mjs";
import * as later from "./later.mjs";
import * as plain from "./plain.mjs";
import * as words from "./words.mjs";
import { Firefox } from "./browser.mjs";

const order = JSON.parse(process.argv[2]);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
/** Ask the test for what only it can do: "kill" or "start" the service; a "person" comes, or writes an "answer". */
order.service = async (what) => {
  console.log(what);
  await answers.next();
};
const firefox = await Firefox.launch(order);
try {
  await { ...ends, ...journeys, ...later, ...plain, ...words }[order.journey](firefox, order);
  if (firefox.problems.length) throw new Error(firefox.problems.join("\n"));
} catch (error) {
  console.error(error);
  await firefox.confess();
  process.exitCode = 1;
} finally {
  firefox.end();
  process.stdin.destroy();
}
