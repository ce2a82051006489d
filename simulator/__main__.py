"""`python -m simulator`: start a platform."""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING, Any

import click
import structlog
import uvloop

from simulator.faults.fault import FaultError
from simulator.faults.order import order_in_flag
from simulator.options import Options
from simulator.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.decorators import FC

EX_CONFIG = 78
POSITIVE = click.FloatRange(min=0, min_open=True)
NOT_NEGATIVE = click.FloatRange(min=0)
SECONDS = click.IntRange(min=0)


def option(name: str, kind: Any, text: str) -> Callable[[FC], FC]:
    """Declare an option whose default is that of `Options`, and whose help shows it."""
    field = name.removeprefix("--").replace("-", "_")
    return click.option(
        name,
        type=kind,
        default=Options.__dataclass_fields__[field].default,
        show_default=True,
        show_envvar=True,
        help=text,
    )


def _faults(_: click.Context, __: click.Parameter, flags: tuple[str, ...]) -> tuple[str, ...]:
    for flag in flags:
        try:
            order_in_flag(flag)
        except FaultError as error:
            raise click.BadParameter(str(error)) from error
    return flags


@click.command(context_settings={"auto_envvar_prefix": "SIMULATOR"})
@option("--host", str, "Address to listen on.")
@option("--port", click.IntRange(0, 65535), "Port to listen on; 0 takes any free one.")
@option("--app-id", str, "The app's id.")
@option("--app-secret", str, "The app's secret.")
@option("--bot-name", str, "What the bot is called in chats.")
@option("--time-scale", POSITIVE, "Divides the waits between redeliveries.")
@option("--ack-deadline", POSITIVE, "Seconds an event's ack may take.")
@option("--split-over", click.IntRange(min=0), "Bytes above which events are split; 0 never.")
@option("--webhook", str, "URL to post events to as well.")
@option("--encrypt-key", str, "Encrypts and signs what is posted.")
@option("--verification-token", str, "The token in what is posted.")
@option("--ping-interval", click.IntRange(min=1), "Seconds between a client's pings.")
@option("--reconnect-interval", SECONDS, "Seconds between a client's attempts to reconnect.")
@option("--reconnect-nonce", SECONDS, "Most seconds before a client's first such attempt.")
@option("--first-token-delay", NOT_NEGATIVE, "Seconds the model thinks.")
@option("--tokens-per-second", POSITIVE, "How fast the model speaks; inf is at once.")
@option("--keep", click.IntRange(min=1), "How many messages are kept.")
@option("--people", click.IntRange(min=0), "How many more people there are: p1, p2, ...")
@option("--limits", click.Choice(["on", "off"]), "Whether rates are limited as the platform does.")
@option("--quota", click.IntRange(min=0), "API calls a month; 0 is no limit.")
@click.option("--fault", "faults", multiple=True, callback=_faults, help="kind:name=value,...")
def main(**given: Any) -> None:
    """Run a fake Feishu platform: long connection, Open API, model and a chat page."""
    options = Options(**given)
    # Standard output is for the one line that says where; the rest is for people.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        uvloop.run(serve(options, _announce))
    except OSError as error:
        sys.exit(_explain(error, options))


def _announce(url: str) -> None:
    click.echo(f"simulator listening on {url}")


def _explain(error: OSError, options: Options) -> int:
    taken = error.errno == errno.EADDRINUSE
    why = f"port {options.port} is taken" if taken else str(error)
    click.echo(f"simulator: {why}; choose another with --port or SIMULATOR_PORT", err=True)
    return EX_CONFIG


if __name__ == "__main__":
    main(prog_name="python -m simulator")
