"""The faults. Each does its harm while people go on writing, waits a moment, and puts things right again."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from drills.machine import HOUR, answers
from drills.setups import Postgres, Setup

MOMENT = 2.0  # between the death of a process and its return
LONG = 8.0  # a fault that lasts
BEAT = 17.0  # longer than the service takes to note anew who is connected


@dataclass(frozen=True)
class Fault:
    """`must_hurt`: a drill that delayed nobody's message has not done what it says."""

    name: str
    harm: Callable[[Setup], Awaitable[None]]
    must_hurt: bool = False


def faults_of(setup: Setup) -> list[Fault]:
    """In the order in which they are drilled."""
    found = [Fault("none", nothing)]
    found += [Fault(f"kill_{name}", killed(name), must_hurt=True) for name in setup.web()]
    found += [Fault("kill_worker", killed("worker")), Fault("kill_bot", killed("bot"))]
    if isinstance(setup, Postgres):
        found += [
            Fault("redis", killed("redis", LONG)),
            Fault("postgres_fast", postgres_fast, must_hurt=True),
            Fault("postgres_kill", postgres_killed, must_hurt=True),
        ]
    found += [Fault("stop_bot", bot_stopped), Fault("freeze_bot", bot_frozen)]
    found += [Fault("disk", disk_full, must_hurt=True)]
    return [*found, Fault("clock_forward", clock(HOUR)), Fault("clock_back", clock(-HOUR))]


async def nothing(setup: Setup) -> None:
    await asyncio.sleep(LONG)


def killed(name: str, away: float = MOMENT) -> Callable[[Setup], Awaitable[None]]:
    async def harm(setup: Setup) -> None:
        await asyncio.to_thread(setup.processes[name].kill)
        await asyncio.sleep(away)
        setup.again(name)
        if name == "bot":
            await asyncio.to_thread(setup.wait_for_bot)

    return harm


async def postgres_fast(setup: Setup) -> None:
    """An operator's restart: open transactions are rolled back, connections cut."""
    await asyncio.to_thread(setup.processes["postgres"].stop, signal.SIGINT)
    await asyncio.sleep(MOMENT)
    await _postgres_back(setup)


async def postgres_killed(setup: Setup) -> None:
    """And away for longer than the service can hide."""
    await asyncio.to_thread(setup.processes["postgres"].kill)
    await asyncio.sleep(LONG)
    await _postgres_back(setup)


async def _postgres_back(setup: Setup) -> None:
    if isinstance(setup, Postgres):
        await asyncio.to_thread(setup.wait_for_postgres)


async def bot_stopped(setup: Setup) -> None:
    await asyncio.to_thread(setup.processes["bot"].stop)
    await asyncio.sleep(LONG)
    setup.again("bot")
    await asyncio.to_thread(setup.wait_for_bot)


async def bot_frozen(setup: Setup) -> None:
    """It takes questions and does not answer."""
    setup.processes["bot"].send(signal.SIGSTOP)
    try:
        await asyncio.sleep(LONG)
    finally:
        setup.processes["bot"].send(signal.SIGCONT)


async def disk_full(setup: Setup) -> None:
    """Filled again and again, because a database gives back a little now and then."""
    for _ in range(int(LONG)):
        await asyncio.to_thread(setup.disk.fill)
        await asyncio.sleep(1)
    setup.disk.free()
    await _postgres_back(setup)  # it ends when it cannot write its log; an operator starts it again


def clock(seconds: int) -> Callable[[Setup], Awaitable[None]]:
    """The wall clock of web, worker and bot jumps, stays there for a while, and jumps back."""

    async def harm(setup: Setup) -> None:
        setup.clock.set(seconds)
        await asyncio.sleep(BEAT)
        setup.clock.set(0)
        await asyncio.sleep(MOMENT)
        if not all(answers(f"{setup.url}/health") for _ in setup.web()):
            await asyncio.sleep(MOMENT)

    return harm
