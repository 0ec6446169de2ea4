"""`make bench-assistant`: the assistant beside Rasa's own default in one run, and each goal beside its figure.

python -m bench.assistant                  all of it, about ten minutes; exits 1 if a goal is missed
python -m bench.assistant --every 10       trains the default on a tenth of the lines, all topics: two minutes
python -m bench.assistant --again          the models of the last run, without training
python -m bench.assistant --docs           write the figures into docs/performance.md

Both bots run at the same time, and answer the same messages in turns, block by block: message in, triage, masking,
bot, decision, answer on the disk. Loopback only; ends what it started and nothing else.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import run, tables, training
from bench.goals import Verdict
from bench.site import memory
from evaluation import formats
from evaluation.figures import percentile
from evaluation.helpline import BotServer, Helpline, opened_with, served
from web.assistant.client import RasaBot
from web.core.triage import Triage
from web.settings import ROOT
from web.storage import wordings

MARKS = "<!-- assistant -->", "<!-- end of assistant -->"
SETS = [ROOT / "data" / "nlu" / "test" / f"dev.{language}.yml" for language in ("nl", "en")]
BLOCK, WARM = 20, 20  # messages in a turn of one bot, and before anything counts
LONG = 4000  # characters, the longest message that a visitor can send
TALKERS, PAUSE_SECONDS = 3, 0.2  # about a dozen messages a second: as many as some hundred people write
SWAPS, BETWEEN_SECONDS = 5, 1.0
SETTINGS = {
    "halte": {"BOT_MODEL": str(training.OURS)},
    "default": {"BOT_MODEL": str(training.DEFAULT), "HALTE_PLAIN_RASA": "1"},
}
Item = dict[str, Any]


@dataclass
class Bot:
    """What was measured of one bot. asked_ms: only the bot's own part of a turn, for turns in which it was asked."""

    name: str
    ready_seconds: float
    mib: float = 0.0
    ms: list[float] = field(default_factory=list)
    asked_ms: list[float] = field(default_factory=list)
    failed: int = 0


@dataclass
class Swaps:
    """seconds: of each call. turns_ms: of all turns around them; still_ms: of turns while nothing was swapped."""

    seconds: list[float] = field(default_factory=list)
    turns_ms: list[float] = field(default_factory=list)
    still_ms: list[float] = field(default_factory=list)
    failed: int = 0


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    items = formats.read_messages(SETS)
    with tempfile.TemporaryDirectory(prefix="halte-bench-") as folder:
        before = run.calm(Path(folder))
        print(f"before: {before}", flush=True)
        triage = triage_ms([str(item["text"]) for item in items])
        trained = {} if options.again else train(options)
        bots = compare(spread(items, options.messages + WARM))
        swaps = swap(items)
        after = run.calm(Path(folder))
    print(f"after: {after}\n")
    found = list(verdicts(bots, trained, swaps, triage))
    table = list(side_by_side(bots, trained))
    print("\n".join([*table, "", *map(str, found)]))
    if options.docs:
        lines = [f"{datetime.now(UTC).date()}. Before: {before}. After: {after}.", "", *table, ""]
        lines += [tables.as_row(["goal", "wanted", "figure", "", ""]), tables.as_row(["---"] * 5)]
        run.into_docs([*lines, *(one.row() for one in found)], MARKS)
    return 0 if all(one.met for one in found) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=200, help="to each bot")
    parser.add_argument("--epochs", type=int, default=1, help="of the default; its answers take as long after one")
    parser.add_argument("--every", type=int, default=1, help="the default learns from one line in so many")
    parser.add_argument("--again", action="store_true", help="with the models of the last run")
    parser.add_argument("--docs", action="store_true", help="write the figures into docs/performance.md")
    return parser.parse_args()


def train(options: argparse.Namespace) -> dict[str, training.Training]:
    made = {"halte": training.ours()}
    print(f"trained ours in {made['halte'].seconds:.0f} s", flush=True)
    made["default"] = training.rasas_default(options.epochs, options.every)
    print(f"trained the default in {made['default'].seconds:.0f} s", flush=True)
    return made


def spread(items: Sequence[Item], count: int) -> list[Item]:
    """So many of them, from all topics and both languages alike."""
    step = max(1.0, len(items) / count)
    return [items[int(at * step)] for at in range(min(count, len(items)))]


def triage_ms(texts: Sequence[str]) -> dict[str, list[float]]:
    """What the first net takes for each message, and for messages of the greatest length."""
    reader = Triage(wordings.read("triage"))
    joined = " ".join(texts)
    longest = [joined[at : at + LONG] for at in range(0, len(joined) - LONG, LONG)]
    return {name: [timed(reader, text) for text in group] for name, group in (("dev", texts), ("long", longest))}


def timed(reader: Triage, text: str) -> float:
    started = time.perf_counter()
    reader.read(text)
    return (time.perf_counter() - started) * 1000


def compare(items: Sequence[Item]) -> list[Bot]:
    """Both bots at once, the same messages, in turns; the first messages only warm up."""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(served(settings)) for name, settings in SETTINGS.items()}
        bots = {name: Bot(name, server.ready_seconds) for name, server in servers.items()}
        helplines = {name: stack.enter_context(opened_with(server)) for name, server in servers.items()}
        for name, helpline in helplines.items():
            say_all(helpline, items[:WARM], Bot(name, 0))
        order = list(helplines)
        for at in range(WARM, len(items), BLOCK):
            for name in order:
                say_all(helplines[name], items[at : at + BLOCK], bots[name])
            order.reverse()
        for name, server in servers.items():
            bots[name].mib, bots[name].failed = memory(server.pid) / 1024, helplines[name].bot.failed
    return list(bots.values())


def say_all(helpline: Helpline, items: Sequence[Item], bot: Bot) -> None:
    """Each as the first message of a conversation of its own."""
    for item in items:
        conversation = helpline.begin("en" if item["lang"] == "en" else "nl")
        bot.ms.append(helpline.say(conversation, str(item["text"])).ms)
        if helpline.bot.ms:
            bot.asked_ms.append(helpline.bot.ms)


def swap(items: Sequence[Item]) -> Swaps:
    """Three visitors talk while the model is replaced, several times."""
    found = Swaps()
    other = training.FOLDER / "other.tar.gz"
    shutil.copy(training.OURS, other)
    with served(SETTINGS["halte"]) as server, talking(server, items, found):
        time.sleep(2 * BETWEEN_SECONDS)  # the first turns of a process take longer: not what is asked here
        found.turns_ms.clear()
        time.sleep(4 * BETWEEN_SECONDS)
        found.still_ms, found.turns_ms[:] = list(found.turns_ms), []
        for name in (other.name, training.OURS.name) * (SWAPS // 2) + (other.name,) * (SWAPS % 2):
            found.seconds.append(put_model(server, name))
            time.sleep(BETWEEN_SECONDS)
    other.unlink()
    return found


@contextmanager
def talking(server: BotServer, items: Sequence[Item], found: Swaps) -> Iterator[None]:
    """The web's own client of the bot, once for each visitor. A turn without an answer is a failed one."""
    done = threading.Event()

    def talk(number: int) -> None:
        bot = RasaBot(server.url, server.secret, timeout=2.0)
        at = number
        while not done.wait(PAUSE_SECONDS):
            at += TALKERS
            started = time.perf_counter()
            said = bot.ask(f"talker-{number}", str(items[at % len(items)]["text"]), "nl")
            found.turns_ms.append((time.perf_counter() - started) * 1000)
            found.failed += said is None

    threads = [threading.Thread(target=talk, args=(number,), daemon=True) for number in range(TALKERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join(10)


def put_model(server: BotServer, name: str) -> float:
    """Seconds of the call; urllib raises when the bot refuses."""
    request = urllib.request.Request(
        f"{server.url}/webhooks/halte/model",
        data=json.dumps({"model": name}).encode(),
        headers={"x-bot-secret": server.secret, "content-type": "application/json"},
        method="PUT",
    )
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()
    return time.perf_counter() - started


def verdicts(
    bots: Sequence[Bot], trained: dict[str, training.Training], swaps: Swaps, triage: dict[str, list[float]]
) -> Iterator[Verdict]:
    halte, default = bots
    ratio = statistics.median(default.ms) / statistics.median(halte.ms)
    own = statistics.median(default.asked_ms) / statistics.median(halte.asked_ms)
    yield verdict("median answer: default / Halte", ratio, 4, f"the bot alone {own:.1f}", at_least=True)
    if trained:
        yield verdict("training of the whole set, s", trained["halte"].seconds, 120, f"{os.cpu_count()} cores")
    yield verdict("start to ready, s", halte.ready_seconds, 15)
    yield verdict("memory of the bot, MiB", halte.mib, 500)
    yield verdict("swap of the model while three talk, worst, s", max(swaps.seconds), 1, f"{len(swaps.seconds)} swaps")
    slowest = f"slowest turn {max(swaps.turns_ms):.0f} ms, {max(swaps.still_ms):.0f} without a swap"
    yield verdict("turns that failed meanwhile", swaps.failed, 0, f"of {len(swaps.turns_ms)}; {slowest}")
    yield verdict("turns that failed before, both bots", halte.failed + default.failed, 0, f"of {2 * len(halte.ms)}")
    spent = [percentile(triage["dev"], percent) for percent in (50, 99)]
    at_most = f"p99 {spent[1]:.2f}; {LONG} characters {statistics.median(triage['long']):.2f}"
    yield verdict("triage of a message, median, ms", spent[0], 1, f"{at_most}; {len(triage['dev'])} messages")


def verdict(what: str, figure: float, limit: float, spread: str = "", at_least: bool = False) -> Verdict:
    met = figure >= limit if at_least else figure <= limit
    return Verdict(what, f"{'>=' if at_least else '<='} {limit:g}", f"{figure:.3g}", spread, met)


def side_by_side(bots: Sequence[Bot], trained: dict[str, training.Training]) -> Iterator[str]:
    titles = ["bot", "answer p50 ms", "p95 ms", "of it the bot p50 ms", "ready s", "MiB", "trained in s", "peak MiB"]
    yield tables.as_row([*titles, "failed"])
    yield tables.as_row(["---"] * (len(titles) + 1))
    for bot in bots:
        answers = [percentile(bot.ms, 50), percentile(bot.ms, 95), percentile(bot.asked_ms, 50)]
        made = trained.get(bot.name)
        cost = [f"{made.seconds:.0f}", f"{made.mib:.0f}"] if made else ["", ""]
        rest = [f"{bot.ready_seconds:.1f}", f"{bot.mib:.0f}", *cost, str(bot.failed)]
        yield tables.as_row([bot.name, *(f"{figure:.1f}" for figure in answers), *rest])
    yield ""
    yield f"{len(bots[0].ms)} messages to each. {learned()}"


def learned() -> str:
    """What the default that was measured has learned from, as its training noted."""
    ledger = json.loads((training.FOLDER / "built.json").read_text())
    facts = [found for found in ledger.values() if found.get("pipeline") == "default"][-1]
    part = "all lines" if facts["every"] == 1 else f"one line in {facts['every']} of each topic"
    return f"The default learned from {part}, epochs: {facts['epochs']}."


if __name__ == "__main__":
    sys.exit(main())
