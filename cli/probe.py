"""`larkspur probe`: for whoever can only run commands in a container, such as Docker."""

from __future__ import annotations

import http.client
import os
import sys
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import click


@dataclass(frozen=True, slots=True)
class Door:
    """Where a role says whether it lives; `port` is what it listens on unless told otherwise."""

    host: str
    setting: str
    port: str
    path: str


DOORS: Final = {
    "ingress": Door("LARKSPUR_INGRESS__HOST", "LARKSPUR_INGRESS__PORT", "8710", "/livez"),
    "worker": Door("LARKSPUR_WORKER__HOST", "LARKSPUR_WORKER__PORT", "", "/livez"),
    "beat": Door("LARKSPUR_BEAT__HOST", "LARKSPUR_BEAT__PORT", "", "/livez"),
    "flower": Door("LARKSPUR_FLOWER__HOST", "LARKSPUR_FLOWER__PORT", "5555", "/healthcheck"),
    "sim": Door("SIMULATOR_HOST", "SIMULATOR_PORT", "8700", "/_sim/health"),
}
"""By role. A test holds them against the settings, which take four times as long to read."""

_EVERYWHERE: Final = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not bound
_PATIENCE: Final = 4.0


@click.command()
@click.argument("role", type=click.Choice(list(DOORS)), required=False)
def command(*, role: str | None) -> None:
    """Ask the process of that ROLE on this machine, or the first that listens, whether it lives.

    Exits 1 if it says that only a new process can help, or says nothing.
    """
    for name in [role] if role else DOORS:
        said = _ask(DOORS[name])
        if said is not None:
            status, body = said
            print(f"{name}: {body}")
            sys.exit(0 if status == HTTPStatus.OK else 1)
    print(f"larkspur: {role or 'whoever runs here'} does not answer", file=sys.stderr)
    sys.exit(1)


def _ask(door: Door) -> tuple[int, str] | None:
    """Return the status and body of its answer; None where nobody listens, or nothing is said."""
    port = os.environ.get(door.setting) or door.port
    if not port.isdecimal():
        return None
    host = os.environ.get(door.host, "")
    address = _EVERYWHERE.get(host, host)
    connection = http.client.HTTPConnection(address, int(port), timeout=_PATIENCE)
    with closing(connection):
        try:
            connection.request("GET", door.path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return None
