"""Serve the assistant on this machine only: `python -m helpline.serve`.

BOT_SECRET is what the web must send; BOT_PORT (5005) and BOT_MODEL (models/current.tar.gz) may
be set. Rasa's own HTTP API stays off: with it, anyone on this machine could read conversations.
"""

from __future__ import annotations

import os
import sys

from helpline import launcher, models, paths


def problem() -> str | None:
    """Why the assistant cannot start, in a few words."""
    if not os.environ.get("BOT_SECRET"):
        return "BOT_SECRET is not set"
    port = os.environ.get("BOT_PORT", "5005")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        return "BOT_PORT is not a port number"
    try:
        models.must_be_built_here(paths.model_path())
    except models.UnusableModelError as error:
        return f"{error}: {paths.model_path()}; run python -m helpline.train first"
    return None


def main() -> int:
    """Become the Rasa server, so that a signal reaches it and nothing stands in between."""
    reason = problem()
    if reason:
        print(f"bot not started: {reason}")
        return 1
    arguments = launcher.command(
        [
            *("run", "--interface", "127.0.0.1", "--port", os.environ.get("BOT_PORT", "5005")),
            *("--model", paths.model_path()),
            *("--endpoints", paths.ENDPOINTS, "--credentials", paths.CREDENTIALS),
        ]
    )
    os.chdir(paths.BOT)
    os.execve(arguments[0], arguments, launcher.environment())  # noqa: S606 - no shell wanted


if __name__ == "__main__":
    sys.exit(main())
