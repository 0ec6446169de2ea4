"""axe-core in a page, and whether the page fits: no state of the site may break what WCAG 2.2 AA asks."""

from playwright.sync_api import Page

from tests.processes import ROOT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${target.join(" ")}: ${failureSummary.split("\\n").slice(1).join("; ").trim()}`));
}"""
# Width of the window and size of the text: a phone in portrait at 400 %, and twice the text on a small tablet.
TIGHT = ((320, "100%"), (640, "200%"))
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return null;
  const all = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > edge + 1);
  return all.slice(-3).map((one) => `${one.tagName}#${one.id}.${one.className}`).join(" ") || "something";
}"""


class Inspector:
    """Looks at one state after another and keeps everything that is wrong, so that one run tells all."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.wrong: list[str] = []

    def look(self, page: Page, state: str) -> None:
        self.seen.append(state)
        if not page.evaluate("typeof axe === 'object'"):
            page.evaluate(AXE)  # through the debugger: our policy lets no other script in
        self.wrong += [f"{state}: {problem}" for problem in page.evaluate(RUN, RULES)]
        self._squeeze(page, state)

    def _squeeze(self, page: Page, state: str) -> None:
        before = page.viewport_size
        assert before
        for width, text in TIGHT:
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
            if wide := page.evaluate(TOO_WIDE):
                self.wrong.append(f"{state}: scrolls sideways at {width} px with {text} text: {wide}")
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size(before)
