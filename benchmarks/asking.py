"""Users asking: messages in many chats, accepted as the ingress does it, and what comes of them.

A worker's own log tells when each turn began and ended.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from cli.plan import SIMULATED_APP
from cli.ports import free_port
from shared.model.event import Event
from shared.model.ids import AppId, ConversationId, EventId, MessageId
from shared.model.mail import Incoming
from shared.store.connection import connected
from shared.store.keys import Keys
from shared.store.lease import TOGETHER
from shared.store.mailbox import Mailboxes, prepared

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from benchmarks.worker import Worker

KEYS: Final = Keys(AppId(SIMULATED_APP["FEISHU_APP_ID"]))
_PATIENCE: Final = 120.0
_LOOK_EVERY: Final = 0.1
_LIMITS: Final = ("PER_SECOND", "PER_MINUTE", "PER_CHAT", "PER_CARD")
"""None of these: what is measured is the worker. They are counted all the same."""
_INTERVAL: Final = "4"
"""Seconds between two revisions of a card: of an app's 45 a second 500 cards have no more."""
_BATCH: Final = 100


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[dict[str, str]]:
    """Run a model and a Feishu; give the settings of a worker that talks to them."""
    port = free_port()
    with (folder / "world.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.world", str(port)),
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        assert process.stdout is not None
        await process.stdout.readline()
        try:
            yield {
                "FEISHU_DOMAIN": f"http://127.0.0.1:{port}",
                "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1",
                "LARKSPUR_LOG__FORMAT": "json",
                "LARKSPUR_REPLY__INTERVAL": _INTERVAL,
                **{f"LARKSPUR_LIMITS__{name}": str(10**9) for name in _LIMITS},
            }
        finally:
            process.terminate()
            await process.wait()


async def ask(url: str, number: int, prompt: str) -> list[str]:
    """Have the same asked in so many chats; return their names."""
    run = uuid.uuid4().hex[:8]
    chats = [f"oc_{run}{place}" for place in range(number)]
    async with connected(url, timeout=5.0) as store:
        mailboxes = Mailboxes(store.line(), KEYS)
        for first in range(0, number, _BATCH):
            batch = [_incoming(chat, prompt) for chat in chats[first : first + _BATCH]]
            await mailboxes.send([prepared(incoming) for incoming in batch])
            await mailboxes.verdicts()
    return chats


async def told(worker: Worker, event: str, chats: Sequence[str]) -> dict[str, float]:
    """Wait until a worker has told of an event in each of these chats; return when it did first."""
    async with asyncio.timeout(_PATIENCE):
        while not set(chats) <= (found := moments(worker, event)).keys():  # noqa: ASYNC110 - a log
            await asyncio.sleep(_LOOK_EVERY)
    return {chat: found[chat] for chat in chats}


def moments(worker: Worker, event: str) -> dict[str, float]:
    """Return when a worker first told of an event, in Unix seconds, by conversation."""
    found: dict[str, float] = {}
    for line in worker.log.read_bytes().splitlines():
        if line.startswith(b"{") and f'"event":"{event}"'.encode() in line:
            read: dict[str, Any] = json.loads(line)
            moment = datetime.fromisoformat(read["timestamp"]).timestamp()
            found.setdefault(read["conversation"], moment)
    return found


def _incoming(chat: str, prompt: str) -> Incoming:
    name = uuid.uuid4().hex
    message = {
        "message_id": f"om_{name}",
        "chat_id": chat,
        "chat_type": "p2p",
        "message_type": "text",
        "content": json.dumps({"text": prompt}),
    }
    sender = {"sender_id": {"open_id": "ou_asking"}, "sender_type": "user"}
    payload = {
        "schema": "2.0",
        "header": {"event_id": name, "event_type": TOGETHER},
        "event": {"message": message, "sender": sender},
    }
    event = Event(TOGETHER, EventId(name), MessageId(f"om_{name}"), ConversationId(chat))
    return Incoming(event, "trace", time.time(), json.dumps(payload).encode())
