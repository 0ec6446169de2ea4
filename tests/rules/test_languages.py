"""Languages are named in one place; what a page does for a language comes from Babel and the catalogue."""

import re

import pytest

from web.core.content import LANGUAGES, LOCALES
from web.http import language
from web.settings import ROOT

# The two lists, and a migration that was released with the words of its day.
NAMED = {
    "web/core/content.py",
    "bot/helpline/paths.py",
    "web/storage/migrations/versions/0002_engine.py",
}
CODES = "|".join(LANGUAGES)
NAMES = re.compile(rf"""["'](?:{CODES})(?:[ ,_-](?:{CODES}|[A-Z]{{2}}))*["']|any\((?:{CODES})\b|["'/](?:{CODES})/""")


def test_no_code_and_no_template_names_a_language() -> None:
    folders = {"web": ("*.py", "*.ts"), "templates": ("*.html",), "bot/helpline": ("*.py",), "tools": ("*.py",)}
    naming = {
        str(path.relative_to(ROOT))
        for folder, kinds in folders.items()
        for kind in kinds
        for path in (ROOT / folder).rglob(kind)
        if not {"test", "dist", "__pycache__"} & set(path.parts) and names_one(path.read_text(encoding="utf-8"))
    }
    assert naming - NAMED == set()
    assert NAMED - naming == set()  # an exception that is no longer one goes


def names_one(source: str) -> bool:
    code = (line for line in source.splitlines() if not line.lstrip().startswith(('"""', "#", "{#", "//", "/*", "*")))
    return any(NAMES.search(line) for line in code)


@pytest.mark.parametrize(
    "line",
    [
        'if lang == "nl":',
        "{{ 'English' if other == 'en' }}",
        '@bp.get("/<any(nl, en):lang>/")',
        'locale("en-GB")',
        'url = "/nl/chat"',
        "<a href='/en/'>",
    ],
)
def test_such_a_line_is_found(line: str) -> None:
    assert names_one(line)


@pytest.mark.parametrize("line", ["open", 'key = "only"', 'DoorRef("nl-112")', 'hreflang="{{ other.code }}"'])
def test_such_a_line_is_not(line: str) -> None:
    assert not names_one(line)


def test_every_locale_belongs_to_one_of_ours() -> None:
    assert set(LOCALES) <= set(LANGUAGES)
    assert all(locale.startswith(f"{code}_") for code, locale in LOCALES.items())


def test_a_language_that_we_do_not_have_yet_would_be_written_its_own_way() -> None:
    arabic, polish = language.about("ar"), language.about("pl")
    assert (arabic.direction, arabic.name) == ("rtl", "العربية")
    assert (polish.direction, polish.name) == ("ltr", "Polski")
    assert list(language.plural_forms("ar")) == ["zero", "one", "two", "few", "many", "other"]
    assert set(language.plural_forms("pl")) == {"one", "few", "many"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_ours_have_names_and_plurals(code: str) -> None:
    assert set(language.names(code)) == set(LANGUAGES)
    assert language.plural_forms(code)["one"] == 1
    assert {other.code for other in language.others(code)} == set(LANGUAGES) - {code}
