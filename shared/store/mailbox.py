"""Accepting events into the mailboxes of their conversations."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import orjson

from shared.errors import MalformedEvent
from shared.model.ids import EventId
from shared.model.mail import Mail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.ids import ConversationId, MessageId
    from shared.store.connection import Argument, Store
    from shared.store.keys import Keys
    from shared.store.wake import Wakes

DEDUP_SECONDS: Final = 24 * 3600
"""How long an event is remembered at least; the ladder of redeliveries lasts 7.1 h (facts 2.1)."""

FORMAT: Final = 1
"""The version of an entry. A reader accepts all up to its own."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An event about to be accepted.

    `message_id` is set for a message: the platform may send one message under several event ids,
    and says to go by the message's (facts 2.1).
    """

    conversation: ConversationId
    message_id: MessageId | None
    mail: Mail


class Mailboxes:
    """The mail of every conversation of an app."""

    def __init__(self, store: Store, keys: Keys, wakes: Wakes) -> None:
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
        arguments: list[Argument] = [DEDUP_SECONDS]
        for one in batch:
            keys.append(self._keys.mailbox(one.conversation))
            arguments += (
                fingerprint("event", one.mail.event_id),
                fingerprint("message", one.message_id) if one.message_id else b"",
                one.conversation,
                encode(one.mail),
                self._wakes.build(one.conversation),
            )
        verdicts = await self._store.run("accept", keys, arguments)
        return [verdict == 1 for verdict in verdicts]


def fingerprint(kind: str, identity: str) -> bytes:
    """Return 16 bytes that stand for an id of any length, whatever it holds."""
    return blake2b(identity.encode(), digest_size=16, person=kind.encode()).digest()


def encode(mail: Mail) -> bytes:
    """Write an entry: a line of JSON about the event, then the platform's bytes as they came."""
    head = orjson.dumps(
        {
            "v": FORMAT,
            "event_id": mail.event_id,
            "event_type": mail.event_type,
            "trace_id": mail.trace_id,
            "received_at": mail.received_at,
        }
    )
    return head + b"\n" + mail.payload


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
