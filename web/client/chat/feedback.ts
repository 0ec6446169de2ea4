/** The two questions afterwards: sent without leaving the page, and without the cookie of the conversation. */
import { byId, within } from "../shared/dom";
import { text } from "../shared/texts";

const PROBLEMS: Readonly<Record<number, string>> = {
  400: "feedback_empty",
  410: "feedback_too_old",
  413: "feedback_too_long",
  429: "feedback_too_fast",
};

export function installFeedback(): void {
  const form = document.getElementById("feedback");
  if (!(form instanceof HTMLFormElement)) return;
  const send = byId("feedback-send", HTMLButtonElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (send.ariaDisabled !== "true") void give(form, send);
  });
}

async function give(form: HTMLFormElement, send: HTMLButtonElement): Promise<void> {
  const words = Array.from(new FormData(form), ([name, value]) => [name, typeof value === "string" ? value : ""]);
  send.ariaDisabled = "true";
  const status = await post(form.action, new URLSearchParams(words));
  send.ariaDisabled = null;
  if (status === 200) thank(form);
  else complain(text(PROBLEMS[status] ?? "feedback_busy"));
}

/** The status of the answer; 0 without one. */
async function post(url: string, body: URLSearchParams): Promise<number> {
  try {
    return (await fetch(url, { method: "POST", body, credentials: "omit" })).status;
  } catch {
    return 0;
  }
}

function complain(words: string): void {
  const problem = byId("feedback-problem", HTMLElement);
  problem.hidden = false;
  problem.textContent = words;
}

function thank(form: HTMLFormElement): void {
  const thanks = byId("feedback-thanks", HTMLElement);
  form.remove();
  thanks.hidden = false;
  within(thanks, "p", HTMLElement).textContent = text("feedback_kept");
  thanks.focus({ preventScroll: true });
}
