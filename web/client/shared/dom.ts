/** Small ways to the document. Text goes in as text; nothing here takes markup. */

export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`no element ${id}`);
  return found;
}

export function within<T extends HTMLElement>(root: ParentNode, selector: string, type: new () => T): T {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`no element ${selector}`);
  return found;
}

type Child = Node | string | null;

/** el("p", "who", "text", otherNode): tag, classes, children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  classes = "",
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (classes !== "") made.className = classes;
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function cloneOf(templateId: string): HTMLElement {
  const copy = byId(templateId, HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
  const first = copy.firstElementChild;
  if (!(first instanceof HTMLElement)) throw new Error(`nothing in ${templateId}`);
  return first;
}

export function icon(name: "phone" | "read" | "clock" | "out" | "light" | "tick"): Node {
  const found = byId("icons", HTMLTemplateElement).content.querySelector(`[data-icon="${name}"]`);
  if (found === null) throw new Error(`no icon ${name}`);
  return found.cloneNode(true);
}

/** Fills every [data-fill=key] below root, where it differs: what does not change is not read aloud again. */
export function fill(root: ParentNode, key: string, value: string): void {
  for (const place of root.querySelectorAll(`[data-fill="${key}"]`)) {
    if (place.textContent !== value) place.textContent = value;
  }
}

/** Shows the elements whose data-KEY holds one of `values`, hides the others. */
export function showWhen(root: ParentNode, key: string, value: string): void {
  for (const place of root.querySelectorAll<HTMLElement>(`[data-${key}]`)) {
    place.hidden = !(place.dataset[key] ?? "").split(" ").includes(value);
  }
}

/**
 * Makes the children of `list` the given items, keeping the elements that are there already.
 * The focus stays on its item also when the item moves.
 */
export function syncList<T>(
  list: HTMLElement,
  items: readonly T[],
  keyOf: (item: T) => string,
  make: (item: T) => HTMLLIElement,
  update: (element: HTMLLIElement, item: T) => void,
): void {
  const focused = document.activeElement;
  const old = new Map(Array.from(list.children, (child) => [(child as HTMLElement).dataset.key, child]));
  let place = list.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const kept = old.get(key);
    const element = kept instanceof HTMLLIElement ? kept : make(item);
    old.delete(key);
    element.dataset.key = key;
    update(element, item);
    if (element === place) place = place.nextElementSibling;
    else list.insertBefore(element, place);
  }
  for (const gone of old.values()) gone.remove();
  if (focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected) focused.focus();
}

/** On a touch screen there is no Shift + Enter, so Enter is the only way to a new line. */
export function entersWithEnter(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return false;
  return !window.matchMedia("(pointer: coarse)").matches;
}

/** Characters as the server counts them: an emoji is one, not two. */
export function lengthOf(words: string): number {
  return Array.from(words.trim().normalize("NFC")).length;
}

/** Words that belong together, with an empty line between. */
export function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part.trim() !== "").join("\n\n");
}
