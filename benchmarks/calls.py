"""Calls of the Open API over TLS, beside the official SDK's, and the connections they need."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import trustme

from benchmarks.calling import AT_ONCE
from benchmarks.figure import Figure
from cli.ports import free_port
from cli.valkey import Valkey

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS: Final = 3
_SDK: Final = "official SDK"


@dataclass(frozen=True, slots=True)
class Run:
    """What one client did: calls a second, calls, connections opened for them."""

    rate: float
    calls: int
    connections: int


def measure() -> list[Figure]:
    """Let both clients call in turn."""
    runs: dict[str, list[Run]] = {"ours": [], "official": []}
    with tempfile.TemporaryDirectory() as folder, _redis(Path(folder)) as url:
        authority = trustme.CA()
        bundle, certificate = Path(folder) / "ca.pem", Path(folder) / "server.pem"
        authority.cert_pem.write_to_path(str(bundle))
        issued = authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem
        issued.write_to_path(str(certificate))
        for _ in range(ROUNDS):
            for client, found in runs.items():
                found.append(_run(client, certificate, bundle, url))
    ours, official = runs["ours"], runs["official"]
    return [
        Figure(
            name=f"calls of Feishu over TLS, {AT_ONCE} at a time",
            value=statistics.median(run.rate for run in ours),
            unit="1/s",
            raw=[run.rate for run in ours],
            more_is_better=True,
            goal=5.0,
            goal_on_ratio=True,
            beside=_SDK,
            baseline=statistics.median(run.rate for run in official),
            baseline_raw=[run.rate for run in official],
        ),
        Figure(
            name="connections opened for these",
            value=statistics.median(run.connections for run in ours),
            unit="",
            raw=[run.connections for run in ours],
            goal=AT_ONCE,
            beside=_SDK,
            baseline=statistics.median(run.connections for run in official),
            baseline_raw=[run.connections for run in official],
        ),
    ]


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    server = Valkey(folder / "valkey", port=free_port())
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def _run(client: str, certificate: Path, bundle: Path, redis_url: str) -> Run:
    platform = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.tls_platform", str(certificate)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if platform.stdin is None or platform.stdout is None:
        raise RuntimeError("the platform has no pipes")
    with platform:
        url = platform.stdout.readline().strip()
        trusting = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), str(bundle))
        said = subprocess.run(
            [sys.executable, "-m", "benchmarks.calling", client],
            env={**os.environ, **trusting, "FEISHU_DOMAIN": url, "REDIS_URL": redis_url},
            check=True,
            capture_output=True,
            text=True,
        )
        platform.stdin.close()
        connections = int(platform.stdout.readline())
    found = json.loads(said.stdout)
    return Run(round(found["rate"], 1), found["calls"], connections)
