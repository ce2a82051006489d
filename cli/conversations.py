"""`larkspur conversations`: who has mail, what there is of one, and setting one free."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from cli.conversation import conversation_document, conversation_text, remark, times_of
from cli.entries import content_option
from cli.stored import known_id, stored
from cli.terminal import age, json_option, printable, say, say_json, seconds, table
from shared.model.ids import ConversationId
from shared.store.conversations import STATES, Conversations, Page
from shared.store.inspection import inspect

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.conversations import Conversation, State
    from shared.store.keys import Keys


@click.group()
def command() -> None:
    """List, show and release conversations that have mail. Safe beside live workers."""


@command.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only those.  [default: all]")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
def list_(*, state: State | None, limit: int, as_json: bool) -> None:
    """List the conversations that have mail: what runs, what waits, what is deferred."""
    at = stored()
    states: tuple[State, ...] = STATES if state is None else (state,)

    async def asked(store: Store, keys: Keys) -> Page:
        return await Conversations(store, keys).in_states(states, at_most=limit)

    found = at.ask(asked)
    if as_json:
        listed = [_document(one) for one in found.conversations]
        say_json({"app_id": at.app_id, "total": found.total, "conversations": listed})
    elif not found.conversations:
        say(f"no conversation of {at} {'has mail' if state is None else f'is {state}'}")
    else:
        say(_table(found))
        if found.total > len(found.conversations):
            say(f"\n{len(found.conversations)} of {found.total}; --limit shows more")


@command.command()
@click.argument("conversation", type=known_id)
@content_option
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Mail at most."
)
@json_option
def show(*, conversation: str, content: bool, limit: int, as_json: bool) -> None:
    """Show what is kept of a CONVERSATION: mail, lease, draft, history.

    Exits 1 if there is nothing.
    """
    name = ConversationId(conversation)
    at = stored()
    found = at.ask(partial(inspect, conversation=name, at_most=limit, content=content))
    if not found.exists:
        raise click.ClickException(f"{printable(name)}: {at} knows no such conversation")
    if as_json:
        say_json(conversation_document(name, found))
    else:
        say(conversation_text(name, found))


@command.command()
@click.argument("conversation", type=known_id)
@json_option
def release(*, conversation: str, as_json: bool) -> None:
    """Have a CONVERSATION run again at once, whoever runs it or whatever it waits for.

    Whoever has it loses it, and writes nothing more. Exits 1 if there is nothing to release.
    """
    name = ConversationId(conversation)
    at = stored()

    async def asked(store: Store, keys: Keys) -> State | None:
        return await Conversations(store, keys).release(name)

    was = at.ask(asked)
    if was is None:
        raise click.ClickException(f"{printable(name)}: nothing to release; it has no mail")
    if was == "waiting":
        raise click.ClickException(
            f"{printable(name)}: nothing to release; it waits for a worker already"
        )
    if as_json:
        say_json({"conversation": name, "was": was})
    else:
        say(f"{printable(name)}: was {was}, and is the next worker's now")


def _table(found: Page) -> str:
    headings = ("CONVERSATION", "STATE", "MAIL", "ATTEMPTS", "AGE", "")
    rows = [(*_columns(one), remark(one.state, one.at, found.now)) for one in found.conversations]
    return table(headings, rows)


def _columns(one: Conversation) -> tuple[object, ...]:
    return one.name, one.state, one.mail, one.attempts, age(one.age)


def _document(one: Conversation) -> dict[str, object]:
    return {
        "conversation": one.name,
        "queue": one.queue,
        "state": one.state,
        "mail": one.mail,
        "attempts": one.attempts,
        "age": seconds(one.age),
        "fence": one.fence,
        **times_of(one.state, one.at),
    }
