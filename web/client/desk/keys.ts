/** The key of something that a worker pressed, kept until the server has answered: a repeat is then the same press. */
export class Keys {
  readonly #make: () => string;
  readonly #open = new Map<string, string>();

  constructor(make: () => string) {
    this.#make = make;
  }

  of(press: string): string {
    const key = this.#open.get(press) ?? this.#make();
    this.#open.set(press, key);
    return key;
  }

  /** Any answer will do, a refusal too: the next press is a new one. */
  answered(press: string): void {
    this.#open.delete(press);
  }
}
