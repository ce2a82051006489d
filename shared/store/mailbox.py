"""Accepting events into the mailboxes of their conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

from shared.errors import MalformedEvent
from shared.model.ids import EventId
from shared.model.mail import Mail
from shared.store import dedup
from shared.store.dedup import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.mail import Incoming
    from shared.store.connection import Argument, Store
    from shared.store.keys import Keys
    from shared.store.line import Line
    from shared.store.wake import Wakes

FORMAT: Final = 1
"""The version of an entry. A reader accepts all up to its own."""

_NO_MESSAGE: Final = ("", "")


class Mailboxes:
    """The mail of every conversation of an app."""

    def __init__(self, store: Store | Line, keys: Keys, wakes: Wakes) -> None:
        self._store = store
        self._keys = keys
        self._wakes = wakes

    async def accept(self, batch: Sequence[Incoming]) -> list[bool]:
        """Store a batch for good; tell for each whether it is new (False: a duplicate).

        One atomic step: what is remembered as seen is in its mailbox, and somebody is on the
        way to it.

        Raises:
            StoreUnavailable: Redis did not confirm; accepting the batch again is safe.
        """
        keys = [self._keys.dedup, self._keys.turns, self._keys.waking]
        arguments: list[Argument] = [dedup.SECONDS]
        for one in batch:
            conversation, message_id = one.event.conversation, one.event.message_id
            keys.append(self._keys.mailbox(conversation))
            arguments += fingerprint("event", one.event.event_id)
            # One message may come under several event ids (facts 2.1).
            arguments += fingerprint("message", message_id) if message_id else _NO_MESSAGE
            arguments += (conversation, encode(one), self._wakes.build(conversation))
        verdicts = await self._store.run("accept", keys, arguments)
        return [verdict == 1 for verdict in verdicts]


def encode(incoming: Incoming) -> bytes:
    """Write an entry: a line of JSON about the event, then the platform's bytes as they came."""
    head = orjson.dumps(
        {
            "v": FORMAT,
            "event_id": incoming.event.event_id,
            "event_type": incoming.event.type,
            "trace_id": incoming.trace_id,
            "received_at": incoming.received_at,
        }
    )
    return head + b"\n" + incoming.payload


def decode(entry: bytes) -> Mail:
    """Read an entry.

    Raises:
        MalformedEvent: it is none, or was written by a newer release.
    """
    head, _, payload = entry.partition(b"\n")
    try:
        fields = orjson.loads(head)
        if fields["v"] > FORMAT:
            raise MalformedEvent("newer_format", f"mailbox entry of format {fields['v']}")
        return Mail(
            event_id=EventId(fields["event_id"]),
            event_type=fields["event_type"],
            trace_id=fields["trace_id"],
            received_at=fields["received_at"],
            payload=payload,
        )
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise MalformedEvent("not_an_entry") from error
