/** Leaving fast: the page is blank first, then the server hears of it, then the window is somewhere else. */

const PRESSES = 3;
const WITHIN_MS = 5_000;

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

export function installLeave(): void {
  const link = document.getElementById("leave");
  if (!(link instanceof HTMLAnchorElement)) return;
  const leaveUrl = link.href;
  const exitUrl = link.dataset.exit ?? leaveUrl;
  // Other windows of this site leave too: an article may have been opened beside the chat.
  const others = "BroadcastChannel" in window ? new BroadcastChannel("leave") : null;
  let left = false;

  const goAway = (): void => {
    left = true;
    document.body.hidden = true;
    document.title = "\u200b";
    window.location.replace(exitUrl);
  };
  const leave = (): void => {
    document.body.hidden = true;
    try {
      others?.postMessage(null);
      navigator.sendBeacon(leaveUrl); // does not wait, and survives the page
    } finally {
      goAway(); // also where an extension has broken one of these
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
  // Back in the browser may show the kept page again: it goes away once more.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && left) goAway();
  });
}
