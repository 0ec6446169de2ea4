"""The model card and its public page are those of the last evaluation, and promise no more than it found."""

import re

from evaluation import card
from web.settings import ROOT


def test_the_public_page_has_figures_and_no_open_places() -> None:
    for language in ("nl", "en"):
        page = (ROOT / "data" / "content" / "articles" / f"assistant.{language}.md").read_text(encoding="utf-8")
        source = (ROOT / "evaluation" / f"page.{language}.md").read_text(encoding="utf-8")
        pattern = re.sub(r"<<\w+>>", r"\\d+", re.escape(source).replace("<<", "<<").replace(">>", ">>"))
        assert re.fullmatch(pattern, page), f"assistant.{language}.md is made from evaluation/page.{language}.md"


def test_the_card_tells_every_goal_and_every_limit() -> None:
    told = (ROOT / "docs" / "assistant.md").read_text(encoding="utf-8")
    assert "<<" not in told
    for name in (*card.GOALS, *card.LIMITS):
        assert f"| {card.NAMES[name]} |" in told
