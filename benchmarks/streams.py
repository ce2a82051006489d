"""200 answers that grow at once, on four workers, against a platform that keeps its limits.

Nobody can be faster than the limits: 50 calls a second of each API. The ends of answers need two
calls of an API each; when they would be over if every call were made as soon as the limits allow is
the bound that the slowest end is compared with.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.request import Request, urlopen

from benchmarks import server
from benchmarks.asking import moments
from benchmarks.figure import Figure
from benchmarks.worker import working
from cli.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.worker import Worker

ANSWERS: Final = 200
WORKERS: Final = 4
SECONDS: Final = 40
PER_SECOND: Final = 50
PROMPT: Final = f"tell me\n#length {SECONDS * 10}\n#pace 0.3 10"
_CARD: Final = "/open-apis/cardkit/v1/cards/"
_REFUSED: Final = frozenset({99991400, 230020})
_PATIENCE: Final = 180.0
KEPT: Final = Path(__file__).with_name("streams.json")


@dataclass(slots=True)
class Watched:
    """What the platform saw: times in Unix seconds, revisions and ends by card."""

    calls: int = 0
    refused: int = 0
    revisions: dict[str, list[float]] = field(default_factory=dict)
    ends: dict[str, float] = field(default_factory=dict)
    written: dict[str, float] = field(default_factory=dict)
    """When the model had ended an answer, by the card that shows it."""

    @property
    def gaps(self) -> list[float]:
        """Seconds between two revisions of a card, of all cards."""
        return [b - a for times in self.revisions.values() for a, b in pairwise(times)]

    def lateness(self) -> list[float]:
        """Return by how many seconds each end came later than the limits force."""
        order = sorted(self.written, key=lambda card: self.written[card])
        replaced = earliest([self.written[card] for card in order])
        settled = earliest(replaced)
        return [self.ends[card] - at for card, at in zip(order, settled, strict=True)]


def earliest(ready: Sequence[float]) -> list[float]:
    """Return when calls can be made at the earliest that are ready at these times, in order."""
    made: list[float] = []
    for place, at in enumerate(ready):
        last = made[place - 1] if place else at
        window = made[place - PER_SECOND] + 1.0 if place >= PER_SECOND else at
        made.append(max(at, last, window))
    return made


def measure() -> list[Figure]:
    """Have all answered once, and draw it."""
    watched = asyncio.run(_watched())
    _keep(watched)
    late, gaps = watched.lateness(), sorted(watched.gaps)
    share = 100 * watched.refused / watched.calls
    return [
        Figure(
            name=f"ends of {ANSWERS} answers, later than the limits force, slowest",
            value=round(max(late), 2),
            unit="s",
            raw=[round(each, 2) for each in sorted(late)],
            goal=3.0,
        ),
        Figure(
            name="calls of these that were refused for coming too fast",
            value=round(share, 2),
            unit="%",
            raw=[watched.refused, watched.calls],
            goal=1.0,
        ),
        Figure(
            name="seconds between two revisions of a card of these, p50",
            value=round(statistics.median(gaps), 2),
            unit="s",
            raw=[round(each, 2) for each in gaps[:: max(1, len(gaps) // 100)]],
        ),
        Figure(
            name="seconds between two revisions of a card of these, longest",
            value=round(gaps[-1], 2),
            unit="s",
            raw=[round(gaps[-1], 2)],
        ),
    ]


def watched_last() -> Watched:
    """Return what the last measurement saw, in seconds from its first revision on."""
    return Watched(**json.loads(KEPT.read_text()))


def _keep(watched: Watched) -> None:
    """Keep all times, so that they can be drawn and looked at again."""
    begun = min(map(min, watched.revisions.values()))

    def since(at: float) -> float:
        return round(at - begun, 3)

    kept = {
        "calls": watched.calls,
        "refused": watched.refused,
        "revisions": {card: list(map(since, at)) for card, at in watched.revisions.items()},
        "ends": {card: since(at) for card, at in watched.ends.items()},
        "written": {card: since(at) for card, at in watched.written.items()},
    }
    KEPT.write_text(f"{json.dumps(kept)}\n")


async def _watched() -> Watched:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = await stack.enter_async_context(server.running(folder / "redis"))
        options = (f"--people={ANSWERS}", f"--keep={4 * ANSWERS}", "--limits=on")
        url = stack.enter_context(_simulator(*options))
        settings = {
            "REDIS_URL": redis.url,
            "FEISHU_DOMAIN": url,
            "OPENAI_BASE_URL": f"{url}/v1",
            "LARKSPUR_LOG__FORMAT": "json",
            "LARKSPUR_INGRESS__PORT": str(free_port()),
        }
        command = ("-m", "cli", "ingress")
        ingress = working(folder / "ingress", *command, says="opened", **settings)
        await stack.enter_async_context(ingress)
        workers = [
            await stack.enter_async_context(
                working(folder / f"worker-{n}", LARKSPUR_WORKER__CONCURRENCY="60", **settings)
            )
            for n in range(WORKERS)
        ]
        for number in range(1, ANSWERS + 1):
            asked = {"user": f"p{number}", "text": PROMPT}
            await asyncio.to_thread(_call, f"{url}/_sim/messages", asked)
        return await _looked(url, workers)


async def _looked(url: str, workers: Sequence[Worker]) -> Watched:
    """Follow the platform's calls until every answer has ended."""
    found, last, until = Watched(), 0.0, time.monotonic() + _PATIENCE
    while True:
        calls = await asyncio.to_thread(_call, f"{url}/_sim/calls?limit=1000")
        for call in calls:
            if call["at"] > last:
                _note(found, call)
        last = max([last, *(call["at"] for call in calls)])
        replied = [moment for each in workers for moment in moments(each, "turn.replied")]
        if len(replied) >= ANSWERS:
            break
        if time.monotonic() > until:
            raise TimeoutError(f"{len(replied)} of {ANSWERS} answers after {_PATIENCE:.0f} s")
        await asyncio.sleep(1.0)
    written = {chat: at for each in workers for chat, at in moments(each, "answer.written").items()}
    for message in await asyncio.to_thread(_call, f"{url}/_sim/messages?limit=1000"):
        if message["sender"]["kind"] == "app":
            card = json.loads(message["content"])["data"]["card_id"]
            found.written[card] = written[message["chat_id"]]
    return found


def _note(found: Watched, call: dict[str, Any]) -> None:
    found.calls += 1
    if call["code"] in _REFUSED:
        found.refused += 1
    if call["code"] != 0 or not call["path"].startswith(_CARD):
        return
    card = call["path"].removeprefix(_CARD).partition("/")[0]
    if call["path"].endswith("/content"):
        found.revisions.setdefault(card, []).append(call["at"])
    elif call["path"].endswith("/settings"):
        found.ends[card] = call["at"]


@contextmanager
def _simulator(*options: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--port=0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process.stdout.readline().split()[-1] if process.stdout else ""
    finally:
        process.terminate()
        process.wait()


def _call(url: str, body: dict[str, Any] | None = None) -> Any:
    asked = Request(url, json.dumps(body).encode() if body else None)
    with urlopen(asked, timeout=30) as answer:
        return json.load(answer)
