/** A writing field: Enter, length, what is not possible, and the words given back after a refusal. */
import { entersWithEnter, lengthOf } from "./dom";
import { TEXT_LIMIT } from "./protocol";
import { text } from "./texts";

export class Composer {
  readonly #field: HTMLTextAreaElement;
  readonly #button: HTMLButtonElement;
  readonly #problem: HTMLElement;
  readonly #onSend: (words: string) => void;
  /** In a letter, Enter makes a new line. */
  enterSends = true;

  constructor(
    form: HTMLFormElement,
    parts: { field: HTMLTextAreaElement; button: HTMLButtonElement; problem: HTMLElement },
    onSend: (words: string) => void,
    onType: () => void = () => undefined,
  ) {
    this.#field = parts.field;
    this.#button = parts.button;
    this.#problem = parts.problem;
    this.#onSend = onSend;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#field.addEventListener("keydown", (event) => {
      if (!this.enterSends || !entersWithEnter(event)) return;
      event.preventDefault();
      this.#send();
    });
    this.#field.addEventListener("input", () => {
      this.#check();
      if (this.words.trim() !== "") onType();
    });
  }

  get words(): string {
    return this.#field.value;
  }

  /** Puts words (back) into the field, above what was being written. */
  take(words: string): void {
    const now = this.#field.value.trim();
    this.#field.value = now === "" ? words : `${words}\n\n${now}`;
    this.#check();
    this.#field.focus();
  }

  focus(): void {
    this.#field.focus();
  }

  #send(): void {
    const words = this.#field.value.trim();
    if (words === "" || !this.#check()) {
      this.#field.focus();
      return;
    }
    this.#field.value = "";
    this.#field.focus(); // first: who takes the words may ask something about them
    this.#onSend(words);
  }

  /** Says before sending that a message is too long; the field itself never cuts anything off. */
  #check(): boolean {
    const length = lengthOf(this.#field.value);
    const fits = length <= TEXT_LIMIT;
    this.#problem.hidden = fits;
    this.#problem.textContent = fits ? "" : text("too_long_now", { length, limit: TEXT_LIMIT });
    this.#button.ariaDisabled = fits ? null : "true";
    this.#field.ariaInvalid = fits ? null : "true";
    return fits;
  }
}
