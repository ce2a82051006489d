"""The command `larkspur`; each subcommand is imported only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from shared.errors import EX_CONFIG, ConfigurationError

COMMANDS: Final = {
    "up": "Run everything on this machine",
    "say": "Say something to the bot as a user of the simulator",
    "check": "Print the settings and try every door",
    "ingress": "Run the ingress",
    "worker": "Run a Celery worker",
    "beat": "Run what knows which schedules are due",
    "flower": "Run Flower, which watches the workers",
    "queue": "Count what waits, runs and is deferred",
    "conversations": "List, show and release conversations that have mail",
    "dead-letters": "List, show, replay and drop what was given up on",
    "probe": "Ask whoever runs on this machine whether it lives",
    "send": "Have a worker send something to a user or chat",
    "sim": "Play with a running simulator: its users, its events, its faults",
}


class Commands(click.Group):
    """Finds `larkspur x-y` in `cli/x_y.py`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands)
@click.version_option(package_name="larkspur-bot")
def larkspur() -> None:
    """The backend for Feishu/Lark LLM bots that loses nothing and answers once."""


def main() -> None:
    """Run the command line; a wrong setting ends it with one line each and EX_CONFIG."""
    try:
        larkspur()
    except ConfigurationError as error:
        for line in str(error).splitlines():
            print(f"larkspur: {line}", file=sys.stderr)
        sys.exit(EX_CONFIG)


if __name__ == "__main__":
    main()
