"""`larkspur queue`: how much waits, runs and is deferred."""

from __future__ import annotations

import click

from cli.stored import stored
from cli.terminal import age, json_option, say, say_json, seconds, table
from shared.store.tally import Tally, tally


@click.command()
@json_option
def command(*, as_json: bool) -> None:
    """Count the wakes and conversations of each queue, and the dead letters."""
    at = stored()
    found = at.ask(tally)
    if as_json:
        say_json(_document(at.app_id, found))
        return
    say(f"{at}\n")
    say(_table(found))
    say(f"\ndead letters: {found.dead_letters}")
    if not found.woken:
        say(
            f"larkspur: nothing was ever accepted for {at}; do ingress and workers have the same"
            " FEISHU_APP_ID and REDIS_URL?",
            error=True,
        )


def _table(found: Tally) -> str:
    rows = [
        (name, load.depth, load.waiting, age(load.oldest_age), load.running, load.deferred)
        for name, load in found.queues.items()
    ]
    return table(("QUEUE", "DEPTH", "WAITING", "OLDEST", "RUNNING", "DEFERRED"), rows)


def _document(app_id: str, found: Tally) -> dict[str, object]:
    return {
        "app_id": app_id,
        "queues": {
            name: {
                "depth": load.depth,
                "waiting": load.waiting,
                "oldest_age": seconds(load.oldest_age),
                "running": load.running,
                "deferred": load.deferred,
            }
            for name, load in found.queues.items()
        },
        "dead_letters": found.dead_letters,
        "woken": found.woken,
    }
