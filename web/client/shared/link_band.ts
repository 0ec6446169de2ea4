/** The band that says in words that there is no connection, and when the next attempt comes. */
import { byId, showWhen } from "./dom";
import { text } from "./texts";
import type { Link } from "./wire";

export function showLink(link: Link): void {
  byId("lost", HTMLElement).hidden = link.up;
  showWhen(document, "link", link.up ? "up" : "down");
  if (link.up) return;
  const outdated = link.retryInMs === null;
  const seconds = Math.max(2, Math.round((link.retryInMs ?? 0) / 1000));
  const when = link.retryInMs === 0 ? text("trying") : text("try_in", { seconds });
  byId("lost-when", HTMLElement).textContent = outdated ? text("outdated") : when;
  byId("lost-now", HTMLButtonElement).textContent = text(outdated ? "load_anew" : "try_now");
}
