"""The operator's commands, as an operator calls them."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.kept import Kept
from tests.processes import ROOT
from web.prepare import migrate
from web.storage.engine import make_engine
from web.storage.sealing import MasterKeys


class Shell:
    """A database in a folder of its own, and what is typed there."""

    def __init__(self, home: Path) -> None:
        self.keys = home / "master.keys"
        keep = {name: value for name, value in os.environ.items() if not name.startswith("TEST_")}
        self.environment = {**keep, "HALTE_HOME": str(home / "halte"), "MASTER_KEY_ID": "k1"}
        self.environment["MASTER_KEYS_FILE"] = str(self.keys)
        self.write_keys(k1=b"1" * 32)
        url = f"sqlite:///{home / 'halte' / 'halte.sqlite'}"
        (home / "halte").mkdir()
        migrate(url)
        self.house = Kept(make_engine(url), MasterKeys("k1", {"k1": b"1" * 32}))

    def write_keys(self, **known: bytes) -> None:
        lines = [f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in known.items()]
        self.keys.write_text("# master keys\n" + "\n".join(lines) + "\n")
        self.keys.chmod(0o600)

    def __call__(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "web.cli", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, input=typed, capture_output=True, text=True, check=False
        )

    def account(self, username: str, role: str, *more: str) -> str:
        made = self("create-staff", username, username.title(), role, *more)
        assert made.returncode == 0, made.stderr
        return made.stdout.split()[-1]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_an_account_gets_its_capacity_and_languages(shell: Shell) -> None:
    shell.account("noor", "counsellor", "--capacity", "5", "--languages", "en")
    shell.account("sem", "counsellor")
    with shell.house.engine.connect() as connection:
        rows = connection.execute(text("SELECT username, capacity, languages FROM staff ORDER BY username")).all()
    assert [tuple(row) for row in rows] == [("noor", 5, "en"), ("sem", 3, "nl en")]
    assert shell("create-staff", "x", "X", "counsellor", "--languages", "fr").returncode == 2
    assert shell("create-staff", "x", "X", "counsellor", "--capacity", "0").returncode == 2


def test_the_keys_are_rewrapped_and_the_old_one_can_go(shell: Shell) -> None:
    conversation_id = shell.house.conversation("woord")
    shell.write_keys(k1=b"1" * 32, k2=b"2" * 32)
    shell.environment["MASTER_KEY_ID"] = "k2"
    done = shell("rewrap-keys")
    assert done.returncode == 0, done.stderr
    assert "1 conversations re-wrapped under k2" in done.stdout
    shell.house.master = MasterKeys("k2", {"k2": b"2" * 32})
    assert shell.house.words(conversation_id) == ["woord"]
    again = shell("rewrap-keys")
    assert again.stdout.startswith("0 conversations")
    shell.write_keys(k3=b"3" * 32)
    shell.environment["MASTER_KEY_ID"] = "k3"
    refused = shell("rewrap-keys")
    assert refused.returncode == 1
    assert "not configured" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_hold_through_the_shell(shell: Shell) -> None:
    which = shell.house.conversation("woord").hex
    aisha, mila = shell.account("aisha", "supervisor"), shell.account("mila", "administrator")
    noor = shell.account("noor", "counsellor")
    proposed = shell("hold", "propose", "aisha", which, "--password-stdin", typed=f"{aisha}\nmelding nodig\n")
    assert proposed.returncode == 0, proposed.stderr
    own = shell("hold", "confirm", "aisha", which, "--password-stdin", typed=f"{aisha}\n")
    assert (own.returncode, own.stderr.strip()) == (1, "halte: somebody else must confirm it")
    wrong = shell("hold", "confirm", "mila", which, "--password-stdin", typed="wrong\n")
    assert (wrong.returncode, wrong.stderr.strip()) == (1, "halte: no such account, or another password")
    other = shell("hold", "list", "noor", "--password-stdin", typed=f"{noor}\n")
    assert (other.returncode, other.stderr.strip()) == (1, "halte: only supervisors and administrators may do this")
    assert shell("hold", "confirm", "mila", "Merel-7", "--password-stdin", typed=f"{mila}\n").returncode == 0
    listed = shell("hold", "list", "mila", "--password-stdin", typed=f"{mila}\n").stdout
    assert which in listed
    assert "by aisha, confirmed by mila" in listed
    assert "melding nodig" in listed
    shell.house.conversation("nog een")
    several = shell("hold", "lift", "aisha", "Merel-7", "--password-stdin", typed=f"{aisha}\n")
    assert (several.returncode, "use its id" in several.stderr) == (1, True)
    assert shell("hold", "lift", "aisha", which, "--password-stdin", typed=f"{aisha}\n").returncode == 0
    record = shell("audit", "mila", "--password-stdin", typed=f"{mila}\n").stdout
    assert [line.split()[2:4] for line in record.splitlines()] == [
        ["aisha", "hold_lifted"],
        ["mila", "hold_confirmed"],
        ["aisha", "hold_proposed"],
    ]
    assert "melding" not in record


def test_a_wrong_setting_is_one_line(shell: Shell) -> None:
    shell.keys.chmod(0o644)
    refused = shell("rewrap-keys")
    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "MASTER_KEYS_FILE" in refused.stderr
    assert json.dumps(refused.stdout) == '""'
