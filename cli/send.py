"""`larkspur send`: something for somebody, who asked for nothing."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from cli.stored import known_id, stored
from cli.terminal import json_option, printable, say, say_json
from shared.sending import Outbox
from shared.store.mailbox import Verdict

if TYPE_CHECKING:
    from typing import TextIO

    from shared.sending import Filed
    from shared.store.connection import Store
    from shared.store.keys import Keys


@click.command()
@click.argument("text", default="")
@click.option(
    "--to",
    required=True,
    type=known_id,
    metavar="ID",
    help="An open_id, union_id or chat_id, an e-mail address, or else a user_id.",
)
@click.option("--markdown", is_flag=True, help="TEXT is Markdown.")
@click.option("--card", type=click.File(), metavar="FILE", help="Send this card's JSON instead.")
@click.option("--id", "key", type=known_id, metavar="KEY", help="Send only the first of a day.")
@json_option
def command(
    *, text: str, to: str, markdown: bool, card: TextIO | None, key: str | None, as_json: bool
) -> None:
    """Have a worker send TEXT to a user or chat, once. It is stored when this ends.

    Exits 1 if Redis has something else where it should lie.
    """
    shown = None if card is None else _card(card)
    words = {"markdown": text} if markdown else {"text": text}

    async def filed(store: Store, keys: Keys) -> Filed:
        return await Outbox(store, keys).send(to, **words, card=shown, key=key)

    at = stored()
    try:
        found = at.ask(filed)
    except ValueError as error:
        raise click.UsageError(printable(str(error))) from error
    if as_json:
        say_json({"app_id": at.app_id, "event_id": found.event_id, "verdict": found.verdict})
    else:
        say(f"{found.verdict}: {found.event_id}")
    sys.exit(1 if found.verdict is Verdict.NOT_FILED else 0)


def _card(file: TextIO) -> dict[str, Any]:
    try:
        card = json.load(file)
    except ValueError as error:
        raise click.BadParameter(f"--card: {error}") from error
    if not isinstance(card, dict) or not card:
        raise click.BadParameter("--card: is no JSON object")
    return card
