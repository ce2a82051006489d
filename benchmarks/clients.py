"""Who is measured: the ingress and the official clients, each a process on a gateway of its own.

All run at once and one at a time is given events, for an idle one costs nothing; so rounds can
take turns without anybody being started anew.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.gateway import listening
from benchmarks.process import ended, resident_of, started
from cli.plan import SIMULATED_APP
from cli.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from benchmarks.gateway import Gateway

OURS: Final = "ingress"
OFFICIAL: Final = "benchmarks.official_client"
QUEUED: Final = "benchmarks.celery_client"


@dataclass(frozen=True, slots=True)
class Client:
    """A process under measurement, and the gateway that sends to it alone."""

    pid: int
    gateway: Gateway

    def resident(self) -> float:
        """Return its resident memory in MB."""
        return resident_of(self.pid)


@asynccontextmanager
async def connected(
    module: str, folder: Path, *, redis_url: str, app_id: str = SIMULATED_APP["FEISHU_APP_ID"]
) -> AsyncIterator[Client]:
    """Run a client in `folder`, its output in a file there as in production, until it is over.

    It finds in its environment what it needs, and no setting of the developer's.
    """
    async with listening(app_id) as gateway:
        found = {
            "FEISHU_APP_ID": app_id,
            "FEISHU_DOMAIN": gateway.url,
            "REDIS_URL": redis_url,
            "LARKSPUR_INGRESS__PORT": str(free_port()),
            "LARKSPUR_INGRESS__GRACE": "0",
        }
        process = await asyncio.to_thread(started, folder, "-m", module, **found)
        try:
            await gateway.connected(1)
            yield Client(process.pid, gateway)
        finally:
            await asyncio.to_thread(ended, process)
