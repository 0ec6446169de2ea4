"""A wrong setting stops the start with its name and what is expected."""

import base64
from pathlib import Path

import pytest

from web.settings import ROOT, BadSetting, load

GOOD = {
    "HALTE_ENV": "production",
    "PUBLIC_URL": "https://help.example.org",
    "BOT_SECRET": "b" * 32,
    "MASTER_KEY_ID": "k1",
    "MASTER_KEYS": "k1:" + base64.b64encode(b"k" * 32).decode(),
}


def test_production_starts_with_what_it_demands() -> None:
    assert load(GOOD).secure_cookies


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HALTE_ENV", "test"),
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PUBLIC_URL", ""),
        ("PUBLIC_URL", "help.example.org"),
        ("BOT_SECRET", ""),
        ("BOT_SECRET", "short"),
        ("MASTER_KEYS", ""),
        ("MASTER_KEYS", "k1:not-base64!"),
        ("MASTER_KEYS", "k2:" + base64.b64encode(b"k" * 32).decode()),
        ("DATABASE_URL", "mysql://x"),
        ("REDIS_URL", "http://x"),
        ("BOT_TIMEOUT", "soon"),
        ("EXIT_URL", "nowhere"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=rf"Setting {name} .*Expected: "):
        load({**GOOD, name: value})


def test_development_makes_its_secrets_once(tmp_path: Path) -> None:
    first, second = load({"HALTE_HOME": str(tmp_path)}), load({"HALTE_HOME": str(tmp_path)})
    assert first.master_keys == second.master_keys
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    source = (ROOT / "web" / "settings.py").read_text()
    for name in [*GOOD, "PORT", "DATABASE_URL", "REDIS_URL", "BOT_URL", "BOT_TIMEOUT", "EXIT_URL", "OPERATOR_NAME"]:
        assert f'"{name}"' in source
        assert f"`{name}`" in text
