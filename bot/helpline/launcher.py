"""Run Rasa's command line, without TensorFlow and without leaving traces in the home folder.

    python -m helpline.launcher train|run|data ...

Rasa imports TensorFlow for components that this assistant does not use. Replacing it by empty
stand-ins halves the start and saves 350 MB. HALTE_PLAIN_RASA=1 starts Rasa as it is.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import subprocess
import sys
import types
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from helpline import paths

UNUSED = {
    "jax",
    "jaxlib",
    "keras",
    "tensorflow",
    "tensorflow_addons",
    "tensorflow_hub",
    "tensorflow_text",
    "tfa",
}
SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # A training takes seconds; a cache could only bring back something old.
    "RASA_MAX_CACHE_SIZE": "0",
    "RASA_CACHE_DIRECTORY": str(paths.BUILD / "cache"),
    "LOG_LEVEL": "WARNING",
}
NO_TELEMETRY = "metrics:\n  enabled: false\n"


def environment(threads: int = 1) -> dict[str, str]:
    """The environment for Rasa: its settings, and a home of its own inside bot/build.

    Rasa writes a settings file with telemetry on into the home folder at its first start, even
    when the variable says off. Here the file is there before, and says off.
    threads: of numpy. With one a server answers soonest; a training may use two.
    """
    home = paths.BUILD / "home"
    settings = home / ".config" / "rasa" / "global.yml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(NO_TELEMETRY, encoding="utf-8")
    return {
        **os.environ,
        **SETTINGS,
        "OMP_NUM_THREADS": str(threads),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "PYTHONPATH": str(paths.BOT),
    }


def command(arguments: Sequence[str | Path]) -> list[str]:
    """The command that runs Rasa with these arguments through this module."""
    return [sys.executable, "-m", "helpline.launcher", *map(str, arguments)]


def run(arguments: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run Rasa to its end and keep what it prints."""
    return subprocess.run(  # noqa: S603 - our own interpreter with our own arguments
        command(arguments),
        cwd=paths.BOT,
        env=environment(threads=2),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


class _AnyType(type):
    """Lets a stand-in serve as base class, type hint, decorator and constant."""

    def __getattr__(cls, name: str) -> type:
        return _attribute(name, StandIn)

    def __or__(cls, other: object) -> type:
        return cls

    def __ror__(cls, other: object) -> type:
        return cls

    def __getitem__(cls, item: object) -> type:
        return cls

    def __iter__(cls) -> Iterator[Any]:
        return iter(())


class StandIn(metaclass=_AnyType):
    """Stands for any class, function or constant of a library that is not there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __call__(self, target: Any = None, *args: Any, **kwargs: Any) -> Any:
        # As a decorator it gives back what it decorates.
        return target if isinstance(target, (types.FunctionType, type)) else self

    def __getattr__(self, name: str) -> Any:
        return _attribute(name, StandIn())

    def __class_getitem__(cls, item: object) -> type:
        return cls


class StandInModule(types.ModuleType):
    """A module in which every name exists."""

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return "2.12.0"
        # `tensorflow.function` is called when Rasa is imported, all else only named.
        return _attribute(name, StandIn() if name == "function" else StandIn)


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a stand-in for each unused library before Python looks for the real one."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """A stand-in for the libraries in UNUSED, nothing for all others."""
        if fullname.partition(".")[0] not in UNUSED:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """An empty package."""
        module = StandInModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


def _attribute(name: str, value: Any) -> Any:
    # Python asks for special names to find out what an object can do: it can do nothing.
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(name)
    return value


def leave_out_tensorflow() -> None:
    """Install the stand-ins; must come before the first import of Rasa."""
    if os.environ.get("HALTE_PLAIN_RASA") != "1":
        sys.meta_path.insert(0, StandInFinder())


def silence_warnings() -> None:
    """Print no warning at all: some of Rasa's warnings quote the message of a visitor."""
    warnings.simplefilter("ignore")
    warnings.showwarning = lambda *args, **kwargs: None


def main() -> None:
    """Rasa's own command line."""
    leave_out_tensorflow()
    if sys.argv[1:2] == ["run"]:
        silence_warnings()
    from rasa.__main__ import main as rasa  # only now, when the stand-ins are there

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
