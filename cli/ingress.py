"""`larkspur ingress`."""

from __future__ import annotations

import sys

import click

from ingress.__main__ import main


@click.command()
def command() -> None:
    """Hold the long connection: Feishu in, Redis out."""
    sys.exit(main())
