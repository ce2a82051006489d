"""`larkspur flower`."""

from __future__ import annotations

import ipaddress
import os
from typing import Final

import click

from shared.errors import ConfigurationError
from shared.settings import CelerySettings, Flower, FlowerSettings, read

_COLUMNS: Final = "name,args,state,result,received,runtime,worker,uuid"

_REMEMBERED: Final = 20_000
_GONE: Final = 300
_SAVED_EVERY: Final = 10_000
"""How many tasks it remembers, after how many seconds it forgets a worker that is gone, and after
how many milliseconds it writes down what it has seen."""


@click.command()
@click.option("--no-auth", is_flag=True, help="Ask for no password. Only on a loopback address.")
def command(*, no_auth: bool) -> None:
    """Watch the workers in a browser, behind a password."""
    flower = read(FlowerSettings).flower
    read(CelerySettings)  # say what is wrong before Celery starts
    authenticate(flower, no_auth=no_auth)
    from workers.app import app  # noqa: PLC0415 - takes a second

    app.start(["flower", *options(flower), "--logging=ERROR"])


def options(flower: Flower) -> list[str]:
    """Return what Flower is told besides its password.

    A Service named `flower` has Kubernetes set a FLOWER_PORT that is none, of which it would die.
    """
    os.environ.pop("FLOWER_PORT", None)
    told = [
        f"--address={flower.host}",
        f"--port={flower.port}",
        f"--read_only={flower.read_only}",
        f"--max_tasks={_REMEMBERED}",
        f"--tasks_columns={_COLUMNS}",
        f"--purge_offline_workers={_GONE}",  # pods come and go, and each is a label of its metrics
    ]
    if flower.db is not None:
        flower.db.parent.mkdir(parents=True, exist_ok=True)
        told += ["--persistent=True", f"--db={flower.db}", f"--state_save_interval={_SAVED_EVERY}"]
    return told


def authenticate(flower: Flower, *, no_auth: bool) -> None:
    """Hand Flower its password by the environment: arguments can be read by everybody.

    Raises:
        ConfigurationError: there is none, and it is not for this machine alone.
    """
    if flower.password is not None:
        password = flower.password.get_secret_value()
        os.environ["FLOWER_BASIC_AUTH"] = f"{flower.user}:{password}"
    elif not no_auth:
        raise ConfigurationError(
            "LARKSPUR_FLOWER__PASSWORD: is not set, and Flower can stop workers and run tasks"
        )
    elif not _is_loopback(flower.host):
        raise ConfigurationError(
            f"LARKSPUR_FLOWER__HOST: --no-auth is for loopback addresses, not {flower.host}"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
