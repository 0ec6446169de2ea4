"""`python -m web.prepare [--demo]`: the database is made or brought up to date, content is taken over, and with
--demo there is an account for each role. Safe to run at every start; prints one line for each thing that it did.
"""

import json
import secrets
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

from web.actions import accounts
from web.core.staff import Role
from web.dispatch import Dispatcher
from web.logs import configure
from web.parts import join
from web.seed import BadContent, read_folder, take_over
from web.settings import ROOT, BadSetting, Settings, load
from web.storage.engine import make_engine
from web.worker.loop import NoSockets

# Made-up first names; what visitors of the demo read.
DEMO = (
    ("noor", "Noor", Role.COUNSELLOR),
    ("sem", "Sem", Role.COUNSELLOR),
    ("aisha", "Aïsha", Role.SUPERVISOR),
    ("editor", "Joris", Role.EDITOR),
    ("admin", "Mila", Role.ADMINISTRATOR),
)


def migrate(url: str) -> None:
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["url"] = url
    command.upgrade(config, "head")


def demo_accounts(dispatcher: Dispatcher, path: Path) -> dict[str, str]:
    """Accounts with passwords made at the first start; `path` keeps them for the next ones."""
    if path.exists():
        known: dict[str, str] = json.loads(path.read_text())
        return known
    made = {username: secrets.token_urlsafe(9) for username, _, _ in DEMO}
    for username, name, role in DEMO:
        dispatcher.perform(accounts.create, username, name, role, made[username])
    path.write_text(json.dumps(made, indent=1))
    path.chmod(0o600)
    return made


def prepare(settings: Settings, demo: bool) -> None:
    migrate(settings.database_url)
    engine = make_engine(settings.database_url)
    parts = join(settings, engine, NoSockets())
    changed = parts.dispatcher.perform(take_over, read_folder(ROOT / "data" / "content"))
    print(f"database ready, {changed} texts taken over")  # noqa: T201
    if demo:
        demo_accounts(parts.dispatcher, settings.home / "demo-accounts.json")


if __name__ == "__main__":
    try:
        loaded = load()
        configure(loaded.production)
        if loaded.production and "--demo" in sys.argv:
            sys.exit("halte: no demo accounts in production")
        prepare(loaded, "--demo" in sys.argv)
    except (BadSetting, BadContent) as problem:
        sys.exit(f"halte: {problem}")
