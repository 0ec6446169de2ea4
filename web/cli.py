"""`python -m web.cli …`: what an operator does from a shell.

create-staff   an account, or a new password for an existing one; the password is the last word that is printed
rewrap-keys    after a change of MASTER_KEY_ID: all keys under the new master key, while the service runs
hold           stop the deletion of one conversation: one person proposes, another confirms, either lifts
audit          who did what, the newest first
feedback       how people found it: counts, and for supervisors what they missed
hours          show or set the opening hours, holidays, a sudden closure, and whether anybody new may wait

See docs/keys-and-deletion.md.
"""

import argparse
import getpass
import json
import secrets
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from web.actions import accounts, audit, feedback, holds, keys, opening
from web.actions.keys import Batch
from web.core.content import LANGUAGES
from web.core.errors import Refused
from web.core.holds import HOLD_ROLES, MAX_HOLD
from web.core.hours import Mode
from web.core.hours_document import BadSchedule
from web.core.queue import SKILLS
from web.core.staff import Role
from web.dispatch import Dispatcher
from web.logs import configure
from web.parts import join
from web.settings import BadSetting, load
from web.storage.engine import make_engine
from web.storage.sealing import MasterKeys
from web.worker.loop import NoSockets

# The core's refusals (`why`) in words.
WHY = {
    "no_reason": "a reason is needed",
    "long_reason": "the reason is too long",
    "end": f"the end must be ahead and at most {MAX_HOLD.days} days away",
    "exists": "there is a hold or a proposal already",
    "over": "the proposal is over its end; propose anew",
    "confirmed": "it is confirmed already",
    "same_person": "somebody else must confirm it",
    "several": "more than one conversation has this name; use its id",
    "not_yours": "only one of the two can lift it",
}

Run = Callable[[argparse.Namespace, Dispatcher, MasterKeys], None]


class Cannot(Exception):
    """One line that says what is wrong."""


def main(arguments: Sequence[str] | None = None) -> None:
    wanted = _parser().parse_args(arguments)
    settings = load()
    configure(settings.production)
    dispatcher = join(settings, make_engine(settings.database_url), NoSockets()).dispatcher
    master = MasterKeys(settings.master_key_id, settings.master_keys)
    try:
        wanted.run(wanted, dispatcher, master)
    except Refused as refused:
        why = WHY.get(str(refused.detail.get("why")), "no such conversation or hold, or not your right")
        raise Cannot(why if refused.code.value in ("illegal_move", "not_found") else refused.code.value) from None


def create_staff(wanted: argparse.Namespace, dispatcher: Dispatcher, _master: MasterKeys) -> None:
    password = secrets.token_urlsafe(12)
    dispatcher.perform(
        accounts.create,
        wanted.username,
        wanted.name,
        Role(wanted.role),
        password,
        capacity=wanted.capacity,
        languages=wanted.languages,
        skills=wanted.skills,
    )
    _say(f"{wanted.role} {wanted.username}: {password}")


def rewrap_keys(_wanted: argparse.Namespace, dispatcher: Dispatcher, master: MasterKeys) -> None:
    """Until no row is left that another key wraps. Whoever starts conversations meanwhile must know the new key."""
    rewrapped = unreadable = 0
    while True:
        done = _one_pass(dispatcher, master)
        rewrapped, unreadable = rewrapped + done.rewrapped, done.unreadable
        if not done.rewrapped and not done.lost:
            break
    counts = dispatcher.perform(keys.finish, master, rewrapped)
    _say(f"{rewrapped} conversations re-wrapped under {master.current}")
    for key_id, count in sorted(counts.items()):
        _say(f"  {key_id}: {count} keys{' (current)' if key_id == master.current else ''}")
    if unreadable:
        raise Cannot(
            f"{unreadable} keys are wrapped by a master key that is not configured; they were left as they are"
        )
    if set(counts) - {master.current}:
        raise Cannot("a process still uses another MASTER_KEY_ID; restart it and run this again")


def _one_pass(dispatcher: Dispatcher, master: MasterKeys) -> Batch:
    total = Batch()
    while True:
        batch = dispatcher.perform(keys.rewrap, master, total.last)
        if batch.last is None:
            return total
        total = Batch(
            total.rewrapped + batch.rewrapped,
            total.lost + batch.lost,
            total.unreadable + batch.unreadable,
            batch.last,
        )


def hold_propose(wanted: argparse.Namespace, dispatcher: Dispatcher, master: MasterKeys) -> None:
    staff_id = _sign_in(wanted, dispatcher)
    until = datetime.now(UTC) + timedelta(days=wanted.days)
    # Not as an argument: those stand in the list of processes and in the shell's history.
    reason = sys.stdin.readline() if wanted.password_stdin else input("Reason: ")
    dispatcher.perform(holds.propose, master, staff_id, dispatcher.read(holds.find, wanted.conversation), reason, until)
    _say(f"proposed until {until:%Y-%m-%d %H:%M} UTC; it stops nothing before somebody else confirms it")


def hold_confirm(wanted: argparse.Namespace, dispatcher: Dispatcher, _master: MasterKeys) -> None:
    staff_id = _sign_in(wanted, dispatcher)
    dispatcher.perform(holds.confirm, staff_id, dispatcher.read(holds.find, wanted.conversation))
    _say("confirmed: the conversation is kept until the end of the hold")


def hold_lift(wanted: argparse.Namespace, dispatcher: Dispatcher, _master: MasterKeys) -> None:
    staff_id = _sign_in(wanted, dispatcher)
    dispatcher.perform(holds.lift, staff_id, dispatcher.read(holds.find, wanted.conversation))
    _say("lifted: deletion goes on")


def hold_list(wanted: argparse.Namespace, dispatcher: Dispatcher, master: MasterKeys) -> None:
    found = dispatcher.read(holds.listed, master, _sign_in(wanted, dispatcher))
    for hold in found:
        state = f"confirmed by {hold.confirmed_by}" if hold.confirmed_by else "not confirmed"
        state = state if hold.stands or not hold.confirmed_by else f"{state}, over"
        _say(f"{hold.conversation_id.hex}  until {hold.until:%Y-%m-%d %H:%M} UTC  by {hold.proposed_by}, {state}")
        _say(f"    {hold.reason}")
    _say(f"{len(found)} holds and proposals")


def audit_list(wanted: argparse.Namespace, dispatcher: Dispatcher, _master: MasterKeys) -> None:
    _sign_in(wanted, dispatcher)
    for record in dispatcher.read(audit.recent, wanted.last):
        about = record.conversation_id.hex if record.conversation_id else "-"
        _say(f"{record.at:%Y-%m-%d %H:%M:%S}  {record.username or 'service'}  {record.deed}  {about}  {record.detail}")


def feedback_show(wanted: argparse.Namespace, dispatcher: Dispatcher, _master: MasterKeys) -> None:
    """Counts for everybody; the texts only for a supervisor, and only where there are several."""
    staff_id = _sign_in(wanted, dispatcher) if wanted.username else None
    summary = dispatcher.read(feedback.counts, wanted.days)
    for name, count in summary.helpful.items():
        _say(f"{name:9} {count}")
    _say(f"{'texts':9} {summary.texts}")
    if staff_id is not None:
        for text in dispatcher.perform(feedback.texts, staff_id, wanted.days):
            _say("-- " + text.replace("\n", "\n   "))


def hours_show(_wanted: argparse.Namespace, dispatcher: Dispatcher, _master: MasterKeys) -> None:
    _say(json.dumps(dispatcher.read(opening.document), indent=1))


def hours_set(wanted: argparse.Namespace, dispatcher: Dispatcher, _master: MasterKeys) -> None:
    """The whole document, as `hours show` prints it, from a file."""
    try:
        document = json.loads(wanted.file.read_text())
    except (OSError, ValueError):
        raise Cannot(f"{wanted.file} is not a file with JSON") from None
    _set_hours(wanted, dispatcher, document)


def hours_mode(wanted: argparse.Namespace, dispatcher: Dispatcher, _master: MasterKeys) -> None:
    _set_hours(wanted, dispatcher, dispatcher.read(opening.document) | {"mode": wanted.mode})


def hours_close(wanted: argparse.Namespace, dispatcher: Dispatcher, _master: MasterKeys) -> None:
    """A sudden closure until that moment; one that has passed ends it."""
    _set_hours(wanted, dispatcher, dispatcher.read(opening.document) | {"closed_until": wanted.until})


def _set_hours(wanted: argparse.Namespace, dispatcher: Dispatcher, document: Any) -> None:
    staff_id = _sign_in(wanted, dispatcher)
    try:
        dispatcher.perform(opening.set_document, document, wanted.username, staff_id)
    except BadSchedule as problem:
        raise Cannot(str(problem)) from None
    _say("the hours hold from now on")


def _sign_in(wanted: argparse.Namespace, dispatcher: Dispatcher) -> int:
    """The account that acts. Its password is asked for; a session of the desk is not needed."""
    password = sys.stdin.readline().rstrip("\n") if wanted.password_stdin else getpass.getpass()
    try:
        token = dispatcher.perform(accounts.sign_in, wanted.username, password)
    except Refused:
        raise Cannot("no such account, or another password") from None
    row = dispatcher.read(accounts.signed_in, token)
    dispatcher.perform(accounts.sign_out, token)
    if row is None or row.role not in HOLD_ROLES:
        raise Cannot("only supervisors and administrators may do this")
    return row.staff_id


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m web.cli")
    commands = parser.add_subparsers(required=True)
    create = _command(commands, "create-staff", create_staff)
    create.add_argument("username", type=str.lower)
    create.add_argument("name", help="what visitors read: a first name or an alias")
    create.add_argument("role", choices=[role.value for role in Role])
    create.add_argument("--capacity", type=_from_to(1, 100_000), help="conversations at a time")
    create.add_argument(
        "--languages", type=_some_of(LANGUAGES), help=f"separated by commas, such as {','.join(LANGUAGES)}"
    )
    create.add_argument("--skills", type=_some_of(SKILLS.values()), help="what they are trained for, such as youth")
    _command(commands, "rewrap-keys", rewrap_keys)
    doors = commands.add_parser("hold").add_subparsers(required=True)
    for name, run in (("propose", hold_propose), ("confirm", hold_confirm), ("lift", hold_lift), ("list", hold_list)):
        door = _acting(_command(doors, name, run))
        if name != "list":
            door.add_argument("conversation", help="its id, or the name that the desk shows")
        if name == "propose":
            door.add_argument("--days", type=_from_to(1, MAX_HOLD.days), default=30)
    _acting(_command(commands, "audit", audit_list)).add_argument("--last", type=_from_to(1, 10_000), default=50)
    asked = _command(commands, "feedback", feedback_show)
    asked.add_argument("username", nargs="?", type=str.lower, help="a supervisor's account: shows the texts as well")
    asked.add_argument("--days", type=_from_to(7, 90), default=30)
    asked.add_argument("--password-stdin", action="store_true", help="the first line is the password")
    doors = commands.add_parser("hours").add_subparsers(required=True)
    _command(doors, "show", hours_show)
    _acting(_command(doors, "set", hours_set)).add_argument("file", type=Path)
    _acting(_command(doors, "mode", hours_mode)).add_argument("mode", choices=[mode.value for mode in Mode])
    _acting(_command(doors, "close", hours_close)).add_argument("until", help="such as 2026-12-24T18:00:00+01:00")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Run
) -> argparse.ArgumentParser:
    command = commands.add_parser(name)
    command.set_defaults(run=run)
    return command


def _acting(door: argparse.ArgumentParser) -> argparse.ArgumentParser:
    door.add_argument("username", type=str.lower, help="the account that acts")
    door.add_argument("--password-stdin", action="store_true", help="first line: password; second, to propose: reason")
    return door


def _from_to(low: int, high: int) -> Callable[[str], int]:
    def number(typed: str) -> int:
        value = int(typed)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"a number from {low} to {high}")
        return value

    return number


def _some_of(known: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    names = sorted(set(known))

    def words(typed: str) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(typed.replace(",", " ").split()))
        if not chosen or set(chosen) - set(names):
            raise argparse.ArgumentTypeError(f"some of {','.join(names)}")
        return chosen

    return words


def _say(line: str) -> None:
    print(line)  # noqa: T201 (for the person who called it)


if __name__ == "__main__":
    try:
        main()
    except (BadSetting, Cannot) as problem:
        sys.exit(f"halte: {problem}")
