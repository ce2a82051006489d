"""`larkspur say`: one message to the bot, one answer printed."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import click

from cli.simulated import Simulated
from shared.feishu.cards import answer_in


@click.command()
@click.argument("text")
@click.option("--group", is_flag=True, help='Say it in the group "team"; mention the bot as @bot.')
@click.option("--user", default="alice", show_default=True, help="Who says it.")
@click.option("--timeout", default=30.0, show_default=True, help="Seconds to wait for the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print ids, revisions and latencies too.")
@click.option("--simulator", metavar="URL", help="[default: where `up` has it]")
def command(
    *, text: str, group: bool, user: str, timeout: float, as_json: bool, simulator: str | None
) -> None:
    """Say TEXT to the bot as a user of the simulator, and print its answer.

    Exits 1 when none comes in time.
    """
    simulated = Simulated(simulator)
    said = {"user": user, "chat": "team" if group else "p2p", "text": text}
    sent = simulated.ask("POST", "/_sim/messages", said)
    query = urlencode({"timeout": timeout})
    heard = simulated.ask("GET", f"/_sim/answers/{sent['message_id']}?{query}", timeout=timeout)
    if as_json:
        print(json.dumps(heard, ensure_ascii=False, indent=2))
    else:
        print("\n".join(answer_in(each["card"]) or each["text"] for each in heard["answers"]))
