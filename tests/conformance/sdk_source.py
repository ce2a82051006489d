"""The ingress' source `sdk` without the rest of the ingress, as a program.

    sdk_source.py URL APP_ID APP_SECRET [DEAF_AT_MOST]

Prints `took TEXT TRACE_ID` for each message and `pressed ACT` for each press, which it answers
with a toast of the same words. A message that starts with "again" is answered so the first time,
one that starts with "never" is not answered the first time. Prints `ready` and `down REASON` as
its health changes, `left` once it has left on SIGTERM, and `raised ERROR` if it ended otherwise.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import TYPE_CHECKING

import structlog
from pydantic import SecretStr

from ingress.health import Health
from ingress.metrics import Metrics
from ingress.sources.sdk import Sdk
from ingress.sources.source import AGAIN, STORED, Ack
from shared.errors import LarkspurError
from shared.model.ids import AppId
from shared.settings import Feishu

if TYPE_CHECKING:
    from ingress.sources.source import Delivery

seen: set[str] = set()


def take(delivery: Delivery) -> None:
    event = json.loads(delivery.payload)["event"]
    if "action" in event:
        act = event["action"]["value"]["act"]
        toast = json.dumps({"toast": {"type": "success", "content": act}})
        say("pressed", act)
        delivery.answer(Ack(STORED.code, toast.encode()))
        return
    text = json.loads(event["message"]["content"])["text"]
    first = text not in seen
    seen.add(text)
    say("took", text, delivery.trace_id)
    if not (first and text.startswith("never")):
        delivery.answer(AGAIN if first and text.startswith("again") else STORED)


async def tell(health: Health) -> None:
    told = ""
    while True:
        reason = health.side("socket").reason or "ready"
        if reason != told:
            say(*([] if reason == "ready" else ["down"]), reason)
        told = reason
        await asyncio.sleep(0.05)


async def main(domain: str, app_id: str, app_secret: str, deaf_at_most: str = "60") -> None:
    health = Health()
    feishu = Feishu(app_id=AppId(app_id), app_secret=SecretStr(app_secret), domain=domain)
    source = Sdk(feishu, Metrics(health), health, deaf_at_most=float(deaf_at_most))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, source.leave)
    telling = asyncio.create_task(tell(health))
    try:
        await source.run(take)
        say("left")
    except LarkspurError as error:
        say("raised", type(error).__name__, error)
    telling.cancel()


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.run(main(*sys.argv[1:]))
