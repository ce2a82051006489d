"""Accepting events into the mailboxes of their conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

from shared.errors import MalformedEvent
from shared.model.ids import EventId
from shared.model.mail import Mail
from shared.store import dedup
from shared.store.dedup import fingerprint
from shared.store.line import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.mail import Incoming
    from shared.store.keys import Keys
    from shared.store.line import Line, Words
    from shared.store.wake import Wakes

FORMAT: Final = 1
"""The version of an entry. A reader accepts all up to its own."""

_NO_MESSAGE: Final = ("", "")
_REMEMBER: Final = words(dedup.SECONDS)


class Letter(NamedTuple):
    """An event made ready: its mailbox, and what else `accept.lua` wants to know of it."""

    mailbox: Words
    rest: Words


class Mailboxes:
    """The mail of every conversation of an app."""

    def __init__(self, line: Line, keys: Keys, wakes: Wakes) -> None:
        self._line = line
        self._keys = keys
        self._wakes = wakes
        self._shared = words(keys.dedup, keys.turns, keys.waking)

    def prepare(self, incoming: Incoming) -> Letter:
        """Make an event ready to be sent."""
        event = incoming.event
        conversation, message_id = event.conversation, event.message_id
        rest = words(
            *fingerprint("event", event.event_id),
            # One message may come under several event ids (facts 2.1).
            *(fingerprint("message", message_id) if message_id else _NO_MESSAGE),
            conversation,
            encode(incoming),
            self._wakes.build(conversation),
        )
        return Letter(words(self._keys.mailbox(conversation)), rest)

    async def send(self, letters: Sequence[Letter]) -> None:
        """Have a batch stored in one atomic step.

        What is remembered as seen is in its mailbox, and somebody is on the way to it.

        Raises:
            StoreUnavailable: Redis could not be reached.
        """
        keys = [self._shared, *(letter.mailbox for letter in letters)]
        await self._line.ask("accept", keys, [_REMEMBER, *(letter.rest for letter in letters)])

    async def verdicts(self) -> list[bool]:
        """Tell of each event sent last whether it is new (False: a duplicate), once it is stored.

        Raises:
            StoreUnavailable: Redis did not confirm; sending the batch again is safe.
        """
        return [verdict == 1 for verdict in await self._line.answer()]


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
