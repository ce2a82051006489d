"""`larkspur dead-letters`: what was given up on, and what becomes of it."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final

import click

from cli.entries import content_option, entries_document, entries_table
from cli.fates import drop_all, drop_some, replay_all, replay_some
from cli.stored import known_id, stored
from cli.terminal import (
    age,
    count,
    fields,
    json_option,
    moment,
    printable,
    say,
    say_json,
    seconds,
    table,
    utc,
)
from shared.model.ids import ConversationId, LetterId
from shared.store.letters import Letters, newest, opened
from shared.store.tally import tally

if TYPE_CHECKING:
    from cli.fates import Fates
    from shared.store.letters import Letter, Opened

_MAIL: Final = 1000  # entries of a letter at most; a turn takes twenty


@click.group()
def command() -> None:
    """List, show, replay and drop what was given up on. Safe beside live workers."""


@command.command("list")
@click.option("--conversation", type=known_id, metavar="ID", help="Only those of this one.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
def list_(*, conversation: str | None, limit: int, as_json: bool) -> None:
    """List the dead letters, the newest last."""
    at = stored()
    name = None if conversation is None else ConversationId(conversation)
    found = at.ask(partial(newest, at_most=limit, conversation=name))
    if as_json:
        listed = [_document(letter, found.now) for letter in found.letters]
        say_json({"app_id": at.app_id, "total": found.total, "dead_letters": listed})
    elif not found.letters:
        of = "" if name is None else f"conversation {printable(name)} of "
        say(f"no dead letters of {of}{at}")
    else:
        say(_table(found))
        if name is None and found.total > len(found.letters):
            say(f"\nthe last {len(found.letters)} of {found.total}; --limit shows more")


@command.command()
@click.argument("letter", metavar="ID", type=known_id)
@content_option
@json_option
def show(*, letter: str, content: bool, as_json: bool) -> None:
    """Show a dead letter: why it was given up on, and its mail. Exits 1 if there is none."""
    at = stored()
    question = partial(opened, letter=LetterId(letter), at_most=_MAIL, content=content)
    found = at.ask(question)
    if found is None:
        raise click.ClickException(f"{printable(letter)}: {at} has no such dead letter")
    if as_json:
        entries = entries_document(found.entries, now=found.now)
        say_json({**_document(found.letter, found.now), "entries": entries})
    else:
        say(_text(found))


@command.command()
@click.argument("letters", metavar="[ID]...", nargs=-1, type=known_id)
@click.option("--all", "every", is_flag=True, help="All that are there now, the oldest first.")
@json_option
def replay(*, letters: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Put the mail of dead letters back, at the end of their mailboxes, to be answered.

    Exits 1 if one of them is gone, or cannot be replayed.
    """
    _require_some(letters, every=every)
    at = stored()
    ids = [LetterId(letter) for letter in letters]
    fates = at.ask(replay_all if every else partial(replay_some, letters=ids))
    if as_json:
        say_json({"replayed": fates.letters, "mail": fates.mail, **_failures(fates)})
    else:
        events = count(fates.mail, "event")
        say(f"replayed {count(fates.letters, 'dead letter')}, {events} in all")
    _end(fates)


@command.command()
@click.argument("letters", metavar="[ID]...", nargs=-1, type=known_id)
@click.option("--all", "every", is_flag=True, help="All that are there now.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def drop(*, letters: tuple[str, ...], every: bool, yes: bool, as_json: bool) -> None:
    """Forget dead letters and their mail, for good. Exits 1 if one of them is gone."""
    _require_some(letters, every=every)
    at = stored()
    if not yes:
        _require_somebody()
        doomed = at.ask(tally).dead_letters if every else len(letters)
        question = f"Drop {count(doomed, 'dead letter')} of {at}, for good?"
        click.confirm(question, abort=True, err=True)
    ids = [LetterId(letter) for letter in letters]
    fates = at.ask(drop_all if every else partial(drop_some, letters=ids))
    if as_json:
        say_json({"dropped": fates.letters, **_failures(fates)})
    else:
        say(f"dropped {count(fates.letters, 'dead letter')}")
    _end(fates)


def _require_some(letters: tuple[str, ...], *, every: bool) -> None:
    if bool(letters) == every:
        raise click.UsageError("name the dead letters, or say --all")


def _require_somebody() -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("there is nobody to ask; --yes says that it is meant")


def _failures(fates: Fates) -> dict[str, object]:
    return {"gone": fates.gone, "failed": fates.failed}


def _end(fates: Fates) -> None:
    for letter in fates.gone:
        said = "no such dead letter; it may have been replayed or dropped already"
        say(f"Error: {printable(letter)}: {said}", error=True)
    for letter, reason in fates.failed.items():
        say(f"Error: {printable(letter)}: {printable(reason)}", error=True)
    sys.exit(1 if fates.gone or fates.failed else 0)


def _table(found: Letters) -> str:
    headings = ("ID", "CONVERSATION", "GIVEN UP", "AGE", "ATTEMPTS", "MAIL", "REASON")
    rows = [
        (
            letter.id,
            letter.conversation,
            moment(letter.buried_at),
            age(_age(letter, found.now)),
            letter.attempts,
            letter.mail,
            letter.reason,
        )
        for letter in found.letters
    ]
    return table(headings, rows)


def _text(found: Opened) -> str:
    letter = found.letter
    head = fields(
        {
            "id": letter.id,
            "conversation": letter.conversation,
            "reason": letter.reason,
            "given up": moment(letter.buried_at),
            "age": age(_age(letter, found.now)),
            "attempts": letter.attempts,
            "mail": letter.mail,
        }
    )
    return f"{head}\n\n{entries_table(found.entries, now=found.now)}"


def _document(letter: Letter, now: float) -> dict[str, object]:
    return {
        "id": letter.id,
        "conversation": letter.conversation,
        "reason": letter.reason,
        "given_up_at": utc(letter.buried_at),
        "age": seconds(_age(letter, now)),
        "attempts": letter.attempts,
        "mail": letter.mail,
    }


def _age(letter: Letter, now: float) -> float | None:
    return None if letter.buried_at is None else max(0.0, now - letter.buried_at)
