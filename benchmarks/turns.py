"""How many turns one worker holds, what each costs it, and what a pool of processes would.

The worker is a process as in production; the model and the Feishu it talks to are `world`.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvloop

from benchmarks import server
from benchmarks.asking import KEYS, ask, told, world
from benchmarks.figure import Figure
from benchmarks.prefork import turn
from benchmarks.worker import working
from benchmarks.world import WORD
from shared.model.ids import ConversationId
from shared.store.connection import connected
from shared.store.history import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.worker import Worker

ROUNDS: Final = 3
HELD, SLOW = 500, "50 10"
"""Turns at once, whose model sends 50 chunks, 10 a second."""
DENSE_HELD, DENSE = 300, "250 50"
AS_IT_COMES: Final = 20
"""Streams of 50 chunks a second that an agent as it comes can follow."""
PROCESSES: Final = 8
_LOOK_EVERY: Final = 0.25


@dataclass(frozen=True, slots=True)
class Round:
    """What turns at once took: seconds each (median), CPU in ms each, and memory in MB."""

    p50: float
    cpu: float
    idle: float
    peak: float


def measure() -> list[Figure]:
    """Hold many turns, then denser ones beside the agent; and look at the memory of both kinds."""
    slow, dense, agent, process = uvloop.run(_rounds())
    each = [round((one.peak - one.idle) / HELD, 4) for one in slow]
    return [
        Figure(
            name="500 turns at once, 10 chunks/s for 5 s, p50",
            value=statistics.median([one.p50 for one in slow]),
            unit="s",
            raw=[one.p50 for one in slow],
            goal=5.6,
        ),
        Figure(
            name="worker resident memory with these",
            value=max(one.peak for one in slow),
            unit="MB",
            raw=[one.peak for one in slow],
            goal=350.0,
        ),
        Figure(
            name="memory per turn at once",
            value=statistics.median(each),
            unit="MB",
            raw=each,
            goal=50.0,
            goal_on_ratio=True,
            beside="Celery's prefork, a process",
            baseline=statistics.median(process),
            baseline_raw=process,
        ),
        Figure(
            name="300 turns at once, 50 chunks/s for 5 s, p50",
            value=statistics.median([one.p50 for one in dense]),
            unit="s",
            raw=[one.p50 for one in dense],
            goal=5.6,
        ),
        Figure(
            name="CPU per answer of these, turn and card included",
            value=statistics.median([one.cpu for one in dense]),
            unit="ms",
            raw=[one.cpu for one in dense],
            goal=6.0,
            goal_on_ratio=True,
            beside="an agent as it comes, the stream alone",
            baseline=statistics.median(agent),
            baseline_raw=agent,
        ),
    ]


async def _rounds() -> tuple[list[Round], list[Round], list[float], list[float]]:
    slow, dense, agent = [], [], []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = await stack.enter_async_context(server.running(folder / "redis"))
        settings = await stack.enter_async_context(world(folder))
        for number in range(ROUNDS):
            async with working(
                folder / f"worker-{number}",
                REDIS_URL=redis.url,
                LARKSPUR_WORKER__CONCURRENCY=str(HELD),
                **settings,
            ) as worker:
                slow.append(await _round(worker, redis.url, HELD, SLOW))
                dense.append(await _round(worker, redis.url, DENSE_HELD, DENSE))
            agent.append(await _agent(settings["OPENAI_BASE_URL"]))
        process = await _process(folder, redis.url, settings)
    return slow, dense, agent, process


async def _round(worker: Worker, url: str, number: int, prompt: str) -> Round:
    """Have all be answered at once; the first time a little is imported, and not counted."""
    await told(worker, "turn.replied", await ask(url, 5, "1 100"))
    idle, cpu = worker.resident(), worker.cpu()
    seen: list[float] = []
    watching = asyncio.create_task(_watch(worker, seen))
    chats = await ask(url, number, prompt)
    replied = await told(worker, "turn.replied", chats)
    spent = worker.cpu() - cpu
    watching.cancel()
    begun = await told(worker, "turn.begun", chats)
    await _require_whole(url, chats, prompt)
    took = [replied[chat] - begun[chat] for chat in chats]
    return Round(
        p50=round(statistics.median(took), 3),
        cpu=round(spent / number * 1000, 1),
        idle=round(idle, 1),
        peak=round(max(seen), 1),
    )


async def _watch(worker: Worker, seen: list[float]) -> None:
    while True:
        seen.append(await asyncio.to_thread(worker.resident))
        await asyncio.sleep(_LOOK_EVERY)


async def _require_whole(url: str, chats: Sequence[str], prompt: str) -> None:
    """See that every answer is what the model sent, all of it."""
    text = (WORD * int(prompt.split(maxsplit=1)[0])).strip()
    async with connected(url, timeout=5.0) as store:
        history = History(store, KEYS, exchanges=1)
        for chat in chats:
            (exchange,) = await history.read(ConversationId(chat))
            if text not in exchange.decode():
                raise AssertionError(exchange)


async def _agent(url: str) -> float:
    """Return the CPU of an agent's answer, in ms."""
    words = ("-m", "benchmarks.agent", url, str(AS_IT_COMES), *DENSE.split())
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    spent: float = json.loads(said)["cpu"]
    return round(spent / AS_IT_COMES * 1000, 1)


async def _process(folder: Path, url: str, settings: dict[str, str]) -> list[float]:
    """Return the memory in MB that each process of a prefork pool has for itself amidst a turn."""
    command = ("-m", "celery", "-A", "benchmarks.prefork", "worker", "-P", "prefork", "-l", "info")
    async with working(
        folder / "prefork", *command, f"--concurrency={PROCESSES}", REDIS_URL=url, **settings
    ) as pool:
        for _ in range(PROCESSES):
            turn.apply_async(("50 10",), connection=turn.app.connection(url))
        await asyncio.sleep(3)
        return [round(_own(pid), 1) for pid in _children(pool.process.pid)]


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]


def _own(pid: int) -> float:
    """Return what a process does not share with others (USS), in MB."""
    fields: dict[str, int] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, value = line.partition(":")
        fields[name] = int(value.split()[0])
    own: float = (fields["Private_Clean"] + fields["Private_Dirty"]) / 1024
    return own
