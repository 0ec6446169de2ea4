"""`python -m web.cli create-staff USERNAME NAME ROLE`: an account, or a new password for an existing one.

The password is made here and printed once; `make run` makes the accounts of the demo by itself.
"""

import argparse
import secrets
import sys

from web.actions import accounts
from web.core.staff import Role
from web.logs import configure
from web.parts import join
from web.settings import BadSetting, load
from web.storage.engine import make_engine
from web.worker.loop import NoSockets


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m web.cli")
    create = parser.add_subparsers(required=True).add_parser("create-staff")
    create.add_argument("username", type=str.lower)
    create.add_argument("name", help="what visitors read: a first name or an alias")
    create.add_argument("role", choices=[role.value for role in Role])
    wanted = parser.parse_args()
    settings = load()
    configure(settings.production)
    parts = join(settings, make_engine(settings.database_url), NoSockets())
    password = secrets.token_urlsafe(12)
    parts.dispatcher.perform(accounts.create, wanted.username, wanted.name, Role(wanted.role), password)
    print(f"{wanted.role} {wanted.username}: {password}")  # noqa: T201


if __name__ == "__main__":
    try:
        main()
    except BadSetting as problem:
        sys.exit(f"halte: {problem}")
