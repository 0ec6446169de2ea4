// Debian's Firefox, driven over WebDriver BiDi: windows with cookies of their own, and what the journeys do in them.
import puppeteer from "puppeteer-core";

const PATIENCE_MS = 15_000;
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
// Never a call home; the site that 'leave' goes to does not exist here, and need not answer.
const PREFERENCES = {
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "browser.sessionhistory.max_total_viewers": 4, // the back/forward cache, as people have it
};

/** One window. `order` is what the test asked for: {url, language, size, passwords, profile, program, scripts}. */
export class Window {
  constructor(page, order, firefox) {
    this.page = page;
    this.order = order;
    this.firefox = firefox;
    this.problems = [];
    page.on("pageerror", (error) => this.problems.push(String(error)));
  }

  /** Another tab of the same person. */
  async tab(path) {
    const made = await this.firefox.show(this.page.browserContext(), this.order.size);
    await made.open(path);
    return made;
  }

  async open(path) {
    await this.page.goto(this.order.url + path, { waitUntil: "load" });
  }

  /** Click where it is, as a finger or a mouse does. (Puppeteer's own click waits for scripts in the page.) */
  async press(selector, frame = this.#main) {
    await this.sees(selector, "", frame);
    const inside = await this.#place(frame(), selector);
    const outside = frame() === this.#main() ? { x: 0, y: 0 } : await this.#place(this.#main(), "iframe", false);
    await this.page.mouse.click(outside.x + inside.x, outside.y + inside.y);
  }

  #main = () => this.page.mainFrame();

  /** The middle of the first that can be seen, or its corner, once it has been scrolled to. */
  async #place(frame, selector, middle = true) {
    return frame.evaluate(
      (wanted, half) => {
        const found = [...document.querySelectorAll(wanted)].find((one) => one.getClientRects().length);
        found.scrollIntoView({ block: "center", behavior: "instant" });
        const box = found.getBoundingClientRect();
        return { x: box.x + box.width * half, y: box.y + box.height * half };
      },
      selector,
      middle ? 0.5 : 0,
    );
  }

  /** The writing cursor into the field, then the keys. */
  async type(selector, words) {
    await this.press(selector);
    await this.page.keyboard.type(words);
  }

  /** All at once, as pasting does it. */
  async paste(selector, words) {
    await this.press(selector);
    await this.page.evaluate(
      (wanted, text) => {
        const field = document.querySelector(wanted);
        field.value = text;
        field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
      },
      selector,
      words,
    );
  }

  async holds(selector, words) {
    await this.until(`${selector} holds "${words}"`, () =>
      this.page.evaluate((wanted, text) => document.querySelector(wanted)?.value === text, selector, words),
    );
  }

  /** As the button of the browser does it. */
  async back() {
    await this.page.evaluate(() => setTimeout(() => history.back(), 0));
  }

  async write(words) {
    await this.type("#words", words);
    await this.page.keyboard.press("Enter");
  }

  /** Wait until the element is on the screen, and holds these words. */
  async sees(selector, words = "", frame = this.#main) {
    await this.until(`${selector} with "${words}"`, async () =>
      (await this.shown(selector, frame())).some((text) => text.toLowerCase().includes(words.toLowerCase())),
    );
  }

  async counts(selector, wanted) {
    await this.until(`${wanted} of ${selector}`, async () => (await this.shown(selector)).length === wanted);
  }

  async misses(selector) {
    await this.counts(selector, 0);
  }

  /** The texts of all that match and can be seen. Without waiting in the page, which needs scripts. */
  async shown(selector, frame = this.#main()) {
    return frame.evaluate((wanted) => {
      const all = [...document.querySelectorAll(wanted)];
      return all.filter((one) => one.getClientRects().length).map((one) => one.innerText);
    }, selector);
  }

  /** Polls; a page that is just being replaced is asked again. */
  async until(what, check, patience = PATIENCE_MS) {
    const end = Date.now() + patience;
    let last = "";
    while (Date.now() < end) {
      try {
        if (await check()) return;
      } catch (error) {
        last = ` (${error.message})`;
      }
      await new Promise((go) => setTimeout(go, 100));
    }
    throw new Error(`did not come: ${what}${last}`);
  }

  async focused() {
    return this.page.evaluate(() => document.activeElement?.id ?? "");
  }

  /** Tab until the element has the focus: then a keyboard reaches it. Back, where going on leads out of the page. */
  async tabTo(id, direction = "on", most = 40) {
    for (let press = 0; press < most; press += 1) {
      if ((await this.focused()) === id) return;
      if (direction === "back") await this.page.keyboard.down("Shift");
      await this.page.keyboard.press("Tab");
      if (direction === "back") await this.page.keyboard.up("Shift");
    }
    throw new Error(`the keyboard does not reach #${id}`);
  }
}

export class Firefox {
  static async launch(order) {
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: order.program,
      headless: true,
      userDataDir: order.profile,
      extraPrefsFirefox: { ...PREFERENCES, ...(order.scripts ? {} : { "javascript.enabled": false }) },
    });
    return new Firefox(browser, order);
  }

  constructor(browser, order) {
    this.browser = browser;
    this.order = order;
    this.windows = [];
  }

  /** At once: it has a group of processes of its own, and nothing of its profile is wanted any more. */
  end() {
    process.kill(-this.browser.process().pid, "SIGKILL");
  }

  /** Nothing of another window is known in it. */
  async window(size = this.order.size) {
    return this.show(await this.browser.createBrowserContext(), size);
  }

  async show(context, size) {
    const page = await context.newPage();
    await page.setViewport(SIZES[size]);
    const made = new Window(page, this.order, this);
    this.windows.push(made);
    return made;
  }

  /** What the windows show, for a test that failed. */
  async confess() {
    for (const { page, problems } of this.windows) {
      console.error(problems.join("\n"));
      for (const frame of page.frames()) {
        const words = await frame.evaluate(() => document.body?.innerText ?? "").catch((error) => error.message);
        console.error(`--- ${frame.url()}\n${words}`);
      }
    }
  }

  get problems() {
    return this.windows.flatMap((window) => window.problems);
  }
}
