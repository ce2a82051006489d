"""`larkspur worker`."""

from __future__ import annotations

import os

import click

from shared.settings import WorkerSettings, read


@click.command()
def command() -> None:
    """Run the turns: the same as `celery -A workers.app worker`, with what suits it."""
    read(WorkerSettings)  # say what is wrong before Celery starts
    from workers.app import app  # noqa: PLC0415 - takes a second

    app.worker_main(
        [
            "--quiet",  # no banner between the log's lines
            "worker",
            f"--hostname=worker-{os.getpid()}@%h",
            "--loglevel=WARNING",
            "--without-gossip",  # nobody listens
            "--without-mingle",  # costs a second at start, and there is no clock to agree on
        ]
    )
