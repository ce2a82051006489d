"""Accepting events into the mailboxes of their conversations."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import orjson

from shared.errors import MalformedEvent, NewerFormat
from shared.model.ids import EventId
from shared.model.mail import Mail
from shared.model.queue import QUEUES, queue_of
from shared.store import dedup
from shared.store.dedup import fingerprint
from shared.store.line import words
from shared.store.wake import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.mail import Incoming
    from shared.store.keys import Keys
    from shared.store.line import Line, Words

FORMAT: Final = 1
"""The version of an entry. A reader accepts all up to its own."""


class Verdict(StrEnum):
    """What became of an event that was sent."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    NOT_FILED = "not_filed"
    """Something else lies where its mailbox should: only a human can mend that."""


_VERDICTS: Final = {1: Verdict.ACCEPTED, 0: Verdict.DUPLICATE, -1: Verdict.NOT_FILED}


class Mailboxes:
    """The mail of every conversation of an app."""

    def __init__(self, line: Line, keys: Keys) -> None:
        self._line = line
        self._keys = words(
            keys.dedup,
            keys.mailboxes,
            keys.woken,
            *(key for name in QUEUES for key in (keys.queue(name).wakes, keys.queue(name).waking)),
        )
        self._shared = words(dedup.SECONDS, TEMPLATE)

    async def send(self, letters: Sequence[Words]) -> None:
        """Have a batch of what `prepared` returned stored in one atomic step.

        What is remembered as seen is in its mailbox, and somebody is on the way to it.

        Raises:
            StoreUnavailable: Redis could not be reached.
        """
        await self._line.ask("accept", [self._keys], [self._shared, *letters])

    async def verdicts(self) -> list[Verdict]:
        """Tell what became of each event sent last, once it is certain.

        Raises:
            StoreUnavailable: Redis did not confirm; sending the batch again is safe.
        """
        return [_VERDICTS[number] for number in await self._line.answer()]


def prepared(incoming: Incoming) -> Words:
    """Make an event ready to be sent."""
    event = incoming.event
    return words(
        *fingerprint(event.event_id, event.message_id),
        queue_of(event.conversation),
        event.conversation,
        encode(incoming),
    )


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
        MalformedEvent: it is none.
        NewerFormat: whoever wrote it can read it.
    """
    head, _, payload = entry.partition(b"\n")
    try:
        fields = orjson.loads(head)
        if fields["v"] > FORMAT:
            raise NewerFormat(f"mail of format {fields['v']}; this release reads up to {FORMAT}")
        return Mail(
            event_id=EventId(fields["event_id"]),
            event_type=fields["event_type"],
            trace_id=fields["trace_id"],
            received_at=fields["received_at"],
            payload=payload,
        )
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise MalformedEvent("not_an_entry") from error
