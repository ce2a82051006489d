"""Who is measured: the ingress and the official clients, each a process on a gateway of its own.

All run at once and one at a time is given events, for an idle one costs nothing; so rounds can
take turns without anybody being started anew.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.gateway import listening
from benchmarks.server import free_port
from cli.plan import SIMULATED_APP
from shared.settings import known_names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from benchmarks.gateway import Gateway

OURS: Final = "ingress"
OFFICIAL: Final = "benchmarks.official_client"
QUEUED: Final = "benchmarks.celery_client"

_ROOT: Final = Path(__file__).parents[1]
_ENDS_WITHIN: Final = 10.0


@dataclass(frozen=True, slots=True)
class Client:
    """A process under measurement, and the gateway that sends to it alone."""

    pid: int
    gateway: Gateway

    def resident(self) -> float:
        """Return its resident memory in MB."""
        asked = ["ps", "-o", "rss=", "-p", str(self.pid)]
        return int(subprocess.run(asked, check=True, capture_output=True).stdout) / 1024


@asynccontextmanager
async def connected(
    module: str, folder: Path, *, redis_url: str, app_id: str = SIMULATED_APP["FEISHU_APP_ID"]
) -> AsyncIterator[Client]:
    """Run a client in `folder`, its output in a file there as in production, until it is over.

    It finds in its environment what it needs, and no setting of the developer's.
    """
    async with listening(app_id) as gateway:
        found = {"FEISHU_DOMAIN": gateway.url, "REDIS_URL": redis_url, "FEISHU_APP_ID": app_id}
        process = await asyncio.to_thread(_started, module, folder, found)
        try:
            await gateway.connected(1)
            yield Client(process.pid, gateway)
        finally:
            await asyncio.to_thread(_ended, process)


def _started(module: str, folder: Path, found: dict[str, str]) -> subprocess.Popen[bytes]:
    inherited = {name: value for name, value in os.environ.items() if name not in known_names()}
    own = {
        "LARKSPUR_INGRESS__PORT": str(free_port()),
        "LARKSPUR_INGRESS__GRACE": "0",
        "PYTHONPATH": str(_ROOT),
    }
    folder.mkdir()
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=folder,
            env={**inherited, **SIMULATED_APP, **own, **found},
            stdout=log,
            stderr=log,
        )


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
