// One journey in Firefox: node run.mjs '{"journey": "assistant", "url": …}'. Exits with 1, and what was on the screens, if it fails.
import { createInterface } from "node:readline";
import * as journeys from "./journeys.mjs";
import { withoutScripts } from "./plain.mjs";
import { Firefox } from "./browser.mjs";

const order = JSON.parse(process.argv[2]);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
/** Ask the test for something that only it can do: "kill" or "start" the service, or that a "person" comes. */
order.service = async (what) => {
  console.log(what);
  await answers.next();
};
const firefox = await Firefox.launch(order);
try {
  await { ...journeys, withoutScripts }[order.journey](firefox, order);
  if (firefox.problems.length) throw new Error(firefox.problems.join("\n"));
} catch (error) {
  console.error(error);
  await firefox.confess();
  process.exitCode = 1;
} finally {
  await firefox.browser.close();
  process.stdin.destroy();
}
