/**
 * Leaving fast: the page is blank first, then the server hears of it, then the window is somewhere else.
 *
 * Whether the server heard is not known. So this tab remembers that it was left (a mark without words), and whatever
 * 'back' brings shows no talk until the server has said that the session is over.
 */

const PRESSES = 3;
const WITHIN_MS = 5_000;
const LEFT = "left";
const ANSWER_WITHIN_MS = 5_000;
/** Told on the document before everything goes: nothing may be written or asked any more. */
export const LEAVING = "halte-leaving";

/** Counts a key pressed several times in a row, with nothing between. */
export class Presses {
  #times: number[] = [];

  /** Returns whether this press completes the row. */
  press(key: string, atMs: number): boolean {
    if (key !== "Shift") {
      this.#times = []; // capital letters in a message are not a wish to leave
      return false;
    }
    this.#times = [...this.#times, atMs].slice(-PRESSES);
    const first = this.#times[0];
    return this.#times.length === PRESSES && first !== undefined && atMs - first <= WITHIN_MS;
  }
}

/** Whether this tab was left, and nothing has been begun in it since. */
export function hasLeft(): boolean {
  try {
    return window.sessionStorage.getItem(LEFT) !== null;
  } catch {
    return false;
  }
}

/** Nothing that this tab kept stays, but for the mark. */
function mark(): void {
  try {
    window.sessionStorage.clear();
    window.sessionStorage.setItem(LEFT, "1");
  } catch {
    // Without a storage nothing was kept; the cookie is what counts.
  }
}

function unmark(): void {
  try {
    window.sessionStorage.removeItem(LEFT);
  } catch {
    // As above.
  }
}

/** Also for pages that the browser keeps for 'back': their words are gone, not only hidden. */
function blank(): void {
  document.body.hidden = true;
  document.title = "\u200b";
  document.dispatchEvent(new Event(LEAVING));
  document.body.replaceChildren();
}

export function installLeave(): void {
  const link = document.getElementById("leave");
  if (!(link instanceof HTMLAnchorElement)) return;
  const leaveUrl = link.href;
  const exitUrl = link.dataset.exit ?? leaveUrl;
  const showsTalk = document.body.classList.contains("at-chat");
  // Other windows of this site leave too: an article may have been opened beside the chat.
  const others = "BroadcastChannel" in window ? new BroadcastChannel("leave") : null;

  const goAway = (): void => {
    try {
      blank();
      mark();
    } finally {
      window.location.replace(exitUrl); // whatever an extension has broken before
    }
  };
  const leave = (): void => {
    document.body.hidden = true;
    try {
      others?.postMessage(null);
      navigator.sendBeacon(leaveUrl); // does not wait, and survives the page
    } finally {
      goAway();
    }
  };

  const presses = new Presses();
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (!event.repeat && presses.press(event.key, event.timeStamp)) leave();
  });
  others?.addEventListener("message", goAway);

  if (hasLeft()) comeBack(leaveUrl, exitUrl, showsTalk);
  // 'Back' may show a page as it was, without asking the server who is there now.
  window.addEventListener("pagehide", () => { if (showsTalk) document.body.hidden = true; });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (hasLeft()) goAway();
    else if (showsTalk) window.location.reload();
  });
}

/** A page of this site in a tab that was left. The talk's page stays blank until its session is over. */
function comeBack(leaveUrl: string, exitUrl: string, showsTalk: boolean): void {
  if (showsTalk) document.body.hidden = true;
  else document.addEventListener("submit", unmark); // a chat begins anew, on purpose
  void fetch(leaveUrl, { method: "POST", keepalive: true, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).then(
    (answer) => {
      if (answer.ok) unmark();
      if (showsTalk) window.location.replace(answer.ok ? window.location.pathname : exitUrl);
    },
    () => { if (showsTalk) window.location.replace(exitUrl); },
  );
}
