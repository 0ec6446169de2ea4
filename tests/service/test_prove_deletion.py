"""`make prove-deletion` on SQLite: the real service, the worker's clock ahead, a search that can see."""

import subprocess
import sys

import pytest

from tests.processes import ROOT


def prove(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.prove_deletion", "sqlite", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.timeout(300)
def test_after_its_time_nothing_is_found() -> None:
    proof = prove()
    assert proof.returncode == 0, proof.stdout + proof.stderr
    assert "nothing found that must be gone" in proof.stdout


@pytest.mark.timeout(300)
def test_without_the_deletion_it_is_found() -> None:
    proof = prove("--leave-out-deletion")
    assert proof.returncode == 1
    assert "FOUND: wrapped keys in SQLite file" in proof.stdout
    assert "FOUND: sealed words in SQLite file" in proof.stdout
    assert "the words in" not in proof.stdout
