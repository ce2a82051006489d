"""Mailbox entries on the command line: as a table, in full, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.terminal import age, moment, printable, seconds, shown, table, utc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.store.entry import Entry

content_option = click.option(
    "--content", is_flag=True, help="Also what was said: it is private, and may be long."
)


def entries_table(entries: Sequence[Entry], *, now: float) -> str:
    """Show some mail, a line each, and below them what was said, if that was asked for."""
    rows = [
        (_id(entry), entry.event_type, moment(entry.received_at), age(_age(entry, now)), entry.size)
        for entry in entries
    ]
    parts = [table(("EVENT", "TYPE", "RECEIVED", "AGE", "BYTES"), rows)]
    for entry in entries:
        if entry.content is not None:
            parts += ["", f"--- {shown(_id(entry))}", printable(_text(entry.content), but="\n\t")]
    return "\n".join(parts)


def entries_document(entries: Sequence[Entry], *, now: float) -> list[dict[str, object]]:
    """Return the same for JSON; `content` is there only if it was asked for."""
    return [
        {
            "event_id": entry.event_id,
            "event_type": entry.event_type,
            "received_at": utc(entry.received_at),
            "age": seconds(_age(entry, now)),
            "bytes": entry.size,
            **({} if entry.content is None else {"content": _text(entry.content)}),
        }
        for entry in entries
    ]


def _id(entry: Entry) -> str:
    return "(unreadable)" if entry.event_id is None else entry.event_id


def _age(entry: Entry, now: float) -> float | None:
    return None if entry.received_at is None else max(0.0, now - entry.received_at)


def _text(content: bytes) -> str:
    return content.decode(errors="backslashreplace")
