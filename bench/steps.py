"""What is measured. Each step gives one row of figures for one server; the same step then runs on the next server."""

import asyncio
import contextlib
import gc
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

from bench.site import Refusal, Site, Way

Row = dict[str, Any]
T = TypeVar("T")
FILLER = "ik weet niet goed hoe ik moet beginnen, maar ik wil hier graag met iemand over praten. " * 2


async def in_groups(count: int, make: Callable[[int], Awaitable[T]], size: int = 100) -> list[T]:
    made: list[T] = []
    for start in range(0, count, size):
        made += await asyncio.gather(*(make(number) for number in range(start, min(count, start + size))))
    return made


async def people(site: Site, visitors: int, staff: int) -> None:
    """Open the staff and the visitors, and let each conversation be claimed."""
    site.staff = await in_groups(staff, lambda number: site.adapter.staff(site, number), 2)
    site.visitors = await in_groups(visitors, lambda number: site.adapter.visitor(site, number), 20)
    for visitor, worker in zip(site.visitors, itertools.cycle(site.staff), strict=False):
        await worker.claim(visitor)


async def say(site: Site, way: Way, who: int) -> float:
    """One message to the other side. Seconds until it was acknowledged."""
    key, mark = way.next(who)
    person = site.visitors[who]
    send = person.say if way is site.to_staff else person.answered
    way.sent[key] = start = time.perf_counter()
    try:
        await send((mark + FILLER)[: site.options.length])
    except (Refusal, OSError, TimeoutError):  # refused, cut off, or no acknowledgement within 30 s
        way.unacked += 1
        way.sent.pop(key, None)
    return time.perf_counter() - start


async def settle(way: Way, seconds: float = 5) -> int:
    """Wait until every message has arrived; what has not by then is lost."""
    until = time.monotonic() + seconds
    while way.sent and time.monotonic() < until:
        await asyncio.sleep(0.02)
    return way.give_up()


@contextlib.contextmanager
def measured(site: Site, row: Row) -> Iterator[None]:
    for way in site.ways:
        way.clear()
    gc.collect()
    site.measurements += 1
    before, mine, start = site.cpu(), time.process_time(), time.perf_counter()
    yield
    row["seconds"] = time.perf_counter() - start
    row["cpu"] = site.cpu() - before
    row["client_cpu"] = time.process_time() - mine


async def faults(site: Site, row: Row) -> None:
    row["lost"] = sum([await settle(way) for way in site.ways])
    for name in ("doubled", "reordered", "unacked"):
        row[name] = sum(getattr(way, name) for way in site.ways)


async def full_speed(site: Site, ways: tuple[Way, ...]) -> Row:
    """Everybody sends as fast as the acks come back."""
    row: Row = {}
    acks: list[float] = []
    until = time.perf_counter() + site.options.seconds

    async def loop(way: Way, who: int) -> None:
        while time.perf_counter() < until:
            acks.append(await say(site, way, who))

    with measured(site, row):
        talkers = itertools.product(ways, range(len(site.visitors)), range(site.options.window))
        await asyncio.gather(*(loop(way, who) for way, who, _ in talkers))
    await faults(site, row)
    count = len(acks)
    row.update(rate=count / row["seconds"], cpu_us=row["cpu"] / count * 1e6, client_us=row["client_cpu"] / count * 1e6)
    return row | spread("ack", acks)


async def fixed_rate(site: Site, ways: tuple[Way, ...]) -> Row:
    """A fixed number of messages a second, whatever the server does; the ways take turns."""
    row: Row = {}
    rate, total = site.options.rate, int(site.options.rate * site.options.seconds)
    tasks = []
    with measured(site, row):
        start = time.perf_counter()
        for number in range(total):
            wait = start + number / rate - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            who = number // len(ways) % len(site.visitors)
            tasks.append(asyncio.ensure_future(say(site, ways[number % len(ways)], who)))
        acks = await asyncio.gather(*tasks)
    await faults(site, row)
    row["cpu_us"] = row["cpu"] / total * 1e6
    row |= spread("ack", acks)
    for way, prefix in zip(site.ways, ("", "back_"), strict=True):
        if way in ways:
            row |= spread(prefix, way.late)
    return row


def spread(prefix: str, seconds: list[float]) -> Row:
    """p50, p99 and the worst, in ms."""
    values = sorted(seconds) or [float("nan")]
    return {
        f"{prefix}p50": values[len(values) // 2] * 1e3,
        f"{prefix}p99": values[min(len(values) - 1, len(values) * 99 // 100)] * 1e3,
        f"{prefix}worst": values[-1] * 1e3,
    }


async def saturate(site: Site) -> Row:
    return await full_speed(site, (site.to_staff,))


async def steady(site: Site) -> Row:
    return await fixed_rate(site, (site.to_staff,))


async def talk(site: Site) -> Row:
    """Saturation with both sides of each conversation writing at once."""
    return await full_speed(site, site.ways)


async def twoway(site: Site) -> Row:
    return await fixed_rate(site, site.ways)


async def idle(site: Site) -> Row:
    """Connections that do nothing: memory of each, processor time of their pings, and messages through the crowd."""
    options = site.options
    if hasattr(site.adapter, "supply"):
        await site.adapter.supply(site, options.idle)
    row: Row = {"free_ack": await ack_time(site)}
    before, start = site.memory(), time.perf_counter()
    crowd = await in_groups(options.idle, lambda number: site.adapter.idle(site, number), 50)
    row["opened_per_s"] = options.idle / (time.perf_counter() - start)
    await asyncio.sleep(2)
    row["kib_each"] = (site.memory() - before) / options.idle
    cpu = site.cpu()
    await asyncio.sleep(options.rest)
    row["idle_cpu_percent"] = (site.cpu() - cpu) / options.rest * 100
    row["crowd_ack"] = await ack_time(site)
    row["ack_ratio"] = row["crowd_ack"] / row["free_ack"]
    row["missing"] = sum(one.closed for one in crowd)
    await faults(site, row)
    for one in crowd:
        one.close()
    await asyncio.sleep(2)
    return row


async def ack_time(site: Site) -> float:
    """ms, of messages one after the other, spread over some seconds so that pings and heartbeats fall in between."""
    times = []
    for _ in range(100):
        times.append(await say(site, site.to_staff, 0))
        await asyncio.sleep(0.03)
    return statistics.median(times) * 1e3


async def queue(site: Site) -> Row:
    """Chat at a fixed rate without a queue, then while people stand in a queue that moves."""
    options, adapter = site.options, site.adapter
    spare = int(options.moves * options.seconds) + 5
    if hasattr(adapter, "supply"):
        await adapter.supply(site, options.waiting + spare)
    without = await steady(site)
    crowd = await in_groups(options.waiting, lambda number: adapter.waiting(site, number), 50)
    await asyncio.sleep(3)
    done = asyncio.Event()
    site.positions = moved = 0

    async def move() -> None:
        nonlocal moved
        while not done.is_set():
            start = time.perf_counter()
            await adapter.advance(site, site.staff[0])
            crowd.append(await adapter.waiting(site, moved))
            moved += 1
            await asyncio.sleep(max(0, 1 / options.moves - (time.perf_counter() - start)))

    mover = asyncio.ensure_future(move())
    row = await steady(site)
    done.set()
    await mover
    row.update(moves=moved, positions=site.positions, cpu_ms_per_s=row["cpu"] / row["seconds"] * 1e3)
    row.update(free_p50=without["p50"], free_p99=without["p99"], p99_ratio=row["p99"] / without["p99"])
    row["free_cpu_ms_per_s"] = without["cpu"] / without["seconds"] * 1e3
    for one in crowd:
        await adapter.stop_waiting(site, one)
    await asyncio.sleep(1)
    return row


async def claim(site: Site) -> Row:
    """CPU of one claim, apart from what the server does each second anyway: from a window with few claims and one with
    many, as two equations: CPU = claims x cost + seconds x background."""
    seconds = site.options.seconds
    few, many = int(2 * seconds), int(40 * seconds)
    await site.adapter.join_queue(site, few + many)
    await asyncio.sleep(2)
    row: Row = {}
    slow_cpu, slow_time = await claims(site, few, row)
    fast_cpu, fast_time = await claims(site, many, row)
    cost = (fast_cpu * slow_time - slow_cpu * fast_time) / (many * slow_time - few * fast_time)
    row["claim_us"] = cost * 1e6
    row["background_ms_per_s"] = (slow_cpu - few * cost) / slow_time * 1e3
    return row


async def claims(site: Site, count: int, row: Row) -> tuple[float, float]:
    """Processor seconds and time of so many claims, spread evenly over the seconds of a measurement."""
    times: list[float] = []
    before, start = site.cpu(), time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0, start + number * site.options.seconds / count - time.perf_counter()))
        times.append(await site.adapter.claim(site, site.staff[number % len(site.staff)]))
    await asyncio.sleep(max(0, start + site.options.seconds - time.perf_counter()))
    row |= spread("claim_", times)
    return site.cpu() - before, time.perf_counter() - start
