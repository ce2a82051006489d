"""`larkspur flower`."""

from __future__ import annotations

import ipaddress
import os

import click

from shared.errors import ConfigurationError
from shared.settings import CelerySettings, Flower, FlowerSettings, read


@click.command()
@click.option("--no-auth", is_flag=True, help="Ask for no password. Only on a loopback address.")
def command(*, no_auth: bool) -> None:
    """Watch the workers in a browser, behind a password."""
    flower = read(FlowerSettings).flower
    read(CelerySettings)  # say what is wrong before Celery starts
    authenticate(flower, no_auth=no_auth)
    from workers.app import app  # noqa: PLC0415 - takes a second

    app.start(["flower", f"--address={flower.host}", f"--port={flower.port}", "--logging=ERROR"])


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
