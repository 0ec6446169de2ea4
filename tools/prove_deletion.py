"""`make prove-deletion`: after its time nothing of a conversation can be found, nor anything that would open it.

On SQLite, and on PostgreSQL with Redis: a real service, marked words through its public doors, a search that must find
the sealed words and their keys (else it is blind) and never the words themselves; then the real worker with its clock
a day and a month ahead (libfaketime: the product has no special way in), and the search again.

prove_deletion.py [sqlite|postgres …] [--leave-out-deletion]    the last: no time passes, so it must fail
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg
import redis
import sqlalchemy as sa

from tests.processes import Service, end, free_port, until
from tools import planting, services
from tools.traces import Found, of_bytes, of_text, places, search

Wanted = dict[str, set[bytes]]
PATIENCE_SECONDS = 60  # for the worker to do what is due, and to clean the files
WORDS, KEYS, SEALED, IDS = "the words", "wrapped keys", "sealed words", "conversation ids"
# The words never, anywhere; of what is over neither the key nor the sealed words.
FATAL = {KEYS, SEALED}
# What PostgreSQL keeps for a while for its own safety; see docs/keys-and-deletion.md.
FOR_A_WHILE = {"PostgreSQL WAL"}
DAY = "+24h"
# Silent conversations are warned, then ended, then deleted a day later: each round leaves no such row.
MONTH = (
    ("+32d", "SELECT 1 FROM conversation WHERE closed_at IS NULL AND warned_at IS NULL"),
    ("+33d", "SELECT 1 FROM conversation WHERE closed_at IS NULL"),
    ("+35d", "SELECT 1 FROM conversation"),
)


class Blind(Exception):
    """The proof itself is broken: something that must be found was not."""


class House:
    """One service over one kind of database, all of whose files are in one folder."""

    def __init__(self, kind: str, folder: Path, settings: dict[str, str]) -> None:
        self.kind, self.folder = kind, folder
        extra = {"HALTE_ENV": "development"}
        if kind == "postgres":
            extra |= {"DATABASE_URL": settings["TEST_DATABASE_URL"], "REDIS_URL": settings["TEST_REDIS_URL"]}
        nobody = f"http://127.0.0.1:{free_port()}"  # no bot: the site's search answers, in the same entries
        self.service = Service(folder / "halte", secrets.token_urlsafe(32), nobody, extra)
        url = extra.get("DATABASE_URL", f"sqlite:///{folder / 'halte' / 'halte.sqlite'}")
        self.postgres, self.redis = extra.get("DATABASE_URL"), extra.get("REDIS_URL")
        self.engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))

    def all(self, query: str) -> list[tuple]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def worker_at(self, offset: str) -> None:
        """The worker again, with its clock ahead."""
        end(self.service.processes.pop("worker"))
        ahead = {"LD_PRELOAD": str(libfaketime()), "FAKETIME": offset}
        ahead |= {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
        self.service.processes["worker"] = subprocess.Popen(
            [sys.executable, "-m", "web.worker"],
            env={**self.service.environment, **ahead},
            stdout=self.service.log,
            stderr=self.service.log,
            start_new_session=True,
        )

    def to_disk(self) -> None:
        """Everything that the databases hold in memory, so that the search sees it."""
        if self.postgres:
            with psycopg.connect(self.postgres, autocommit=True) as connection:
                connection.execute("CHECKPOINT")
        else:
            # Also what only stands in the log of changes so far, as happens by itself with more traffic.
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
        if self.redis:
            redis.Redis.from_url(self.redis).save()
        self.service.log.flush()

    def look(self, wanted: Wanted) -> Found:
        self.to_disk()
        found = search(self.folder, wanted)
        if self.redis:
            connection = redis.Redis.from_url(self.redis)
            for key in connection.scan_iter():
                content = key + (connection.dump(key) or b"")
                for what, forms in wanted.items():
                    found["Redis keys", what] += sum(form in content for form in forms)
        return +found

    def stop(self) -> None:
        self.engine.dispose()
        self.service.stop()


def wanted_of(house: House, marker: str, only: set[str] | None = None) -> Wanted:
    """What to look for: the marker, and keys, sealed words and ids of these conversations as they are now."""
    wanted = {WORDS: of_text(marker), KEYS: set(), SEALED: set(), IDS: set()}
    for conversation_id, key in house.all("SELECT conversation_id, wrapped_key FROM conversation"):
        name = plain_id(conversation_id)
        if only is None or name in only:
            wanted[KEYS] |= of_bytes(bytes(key))
            wanted[IDS] |= of_bytes(bytes.fromhex(name))
    for conversation_id, sealed in house.all("SELECT conversation_id, sealed FROM entry"):
        if only is None or plain_id(conversation_id) in only:
            wanted[SEALED] |= of_bytes(bytes(sealed))
    return wanted


def plain_id(value: object) -> str:
    return str(value).replace("-", "")


def check_sight(house: House, marker: str, found: Found) -> None:
    """The search must see what is there: keys and sealed words in the database, and the words in a file of ours."""
    for what in FATAL:
        if not any(named == what for _, named in found):
            raise Blind(f"{what} were not found before the deletion, so the search sees nothing")
    scratch = house.folder / "scratch"
    for form in of_text(marker):
        scratch.write_bytes(b"\x00before" + form + b"after")
        if not search(house.folder, {WORDS: {form}}):
            raise Blind("the words were not found in a file that holds them")
    scratch.unlink()


def verdict(house: House, found: Found) -> list[tuple[str, str]]:
    """What must not be there. Ids are random numbers: PostgreSQL's statistics may keep some, SQLite keeps none."""
    fatal = FATAL if house.postgres else FATAL | {IDS}
    return [(place, what) for place, what in found if what == WORDS or (what in fatal and place not in FOR_A_WHILE)]


def until_clean(house: House, wanted: Wanted) -> Found:
    """What is found when the worker has had its time; at once when it is clean."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = house.look(wanted)
        if not verdict(house, found) or time.monotonic() > limit:
            return found
        time.sleep(2)


def table(title: str, house: House, found: Found) -> None:
    print(f"\n{title}")
    columns = (WORDS, KEYS, SEALED, IDS)
    print(f"  {'':28}" + "".join(f"{name:>18}" for name in columns))
    looked = {*places(house.folder), *({"Redis keys"} if house.redis else set())}
    for place in sorted(looked):
        print(f"  {place:28}" + "".join(f"{found[place, name]:>18}" for name in columns))
    ((left,),) = house.all("SELECT count(*) FROM conversation")
    print(f"  ({left} conversations in the database)", flush=True)


def prove(kind: str, folder: Path, settings: dict[str, str], leave_out: bool) -> bool:
    house, marker = House(kind, folder, settings), f"zeehond{secrets.token_hex(6)}"
    try:
        print(f"\n== {kind}: planting words marked {marker}", flush=True)
        ended = planting.some_end_and_some_go_on(house.service, marker)
        day = wanted_of(house, marker, ended)
        before = house.look(day)
        table("before: conversations that just ended", house, before)
        check_sight(house, marker, before)
        planting.letter(house.service, marker)
        with planting.to_be_forgotten(house.service, marker):
            month = wanted_of(house, marker)
        analyse(house)
        problems = [found for found in verdict(house, before) if found[1] == WORDS]
        problems += time_passes(house, day, month, leave_out)
    finally:
        house.stop()
    for place, what in sorted(set(problems)):
        print(f"  FOUND: {what} in {place}")
    return not problems


def time_passes(house: House, day: Wanted, month: Wanted, leave_out: bool) -> list[tuple[str, str]]:
    """The worker a day later, then more than a month; what was found that must be gone."""
    if leave_out:
        found = house.look(day)
        table("without deletion", house, found)
        return verdict(house, found)
    house.worker_at(DAY)
    found = until_clean(house, day)
    table("a day later: the conversations that had ended", house, found)
    problems = verdict(house, found)
    for offset, left in MONTH:
        house.worker_at(offset)
        until(lambda left=left: not house.all(left), PATIENCE_SECONDS, f"the worker's round at {offset}")
    found = until_clean(house, month)
    table("more than a month later: all of them, the letter and the forgotten one too", house, found)
    problems += verdict(house, found)
    return problems + (postgres_wal(house, month) if house.postgres else [])


def analyse(house: House) -> None:
    """PostgreSQL does so by itself now and then: it copies values of columns into its statistics."""
    if house.postgres:
        with psycopg.connect(house.postgres, autocommit=True) as connection:
            connection.execute("ANALYZE")


def postgres_wal(house: House, wanted: Wanted) -> list[tuple[str, str]]:
    """How long the log of changes remembers: until its segments are removed, and not renamed for later use."""
    with psycopg.connect(house.postgres or "", autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET wal_recycle = off")
        connection.execute("SELECT pg_reload_conf()")
        for _ in range(3):
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CHECKPOINT")
            time.sleep(0.5)
    found = house.look(wanted)
    table("and with wal_recycle=off, after two checkpoints", house, found)
    return [(place, what) for place, what in found if what in FATAL and place in FOR_A_WHILE]


def libfaketime() -> Path:
    found = sorted(Path("/usr/lib").glob("**/faketime/libfaketimeMT.so.1"))
    if found:
        return found[0]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "libfaketime"], check=False, **quiet)
        found = sorted(Path("/usr/lib").glob("**/faketime/libfaketimeMT.so.1"))
    if not found:
        sys.exit("halte: the proof needs libfaketime: apt-get install libfaketime")
    return found[0]


def main() -> int:
    kinds = [word for word in sys.argv[1:] if not word.startswith("-")] or ["sqlite", "postgres"]
    leave_out, clean = "--leave-out-deletion" in sys.argv, True
    libfaketime()
    for kind in kinds:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="halte-proof-")))
            settings: dict[str, str] = {}
            if kind == "postgres":
                services.needed()
                settings = stack.enter_context(services.both(folder))
            try:
                clean &= prove(kind, folder, settings, leave_out)
            except (Blind, planting.Stuck) as problem:
                print(f"halte: the proof failed: {problem}")
                clean = False
    print("\nnothing found that must be gone" if clean else "\nhalte: something was found that must be gone")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
