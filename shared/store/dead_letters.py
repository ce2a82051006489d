"""Mail that was given up on, kept with its reason until somebody replays or drops it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

from shared.errors import MalformedEvent
from shared.model.ids import ConversationId, LetterId
from shared.store import letters
from shared.store.entry import fields_of, text_of
from shared.store.mailbox import decode
from shared.store.wake import TEMPLATE

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.lease import Begun

FORMAT: Final = 1


class Written(NamedTuple):
    """A dead letter about to be kept, but for its mail, which Redis has."""

    id: LetterId
    head: bytes


NONE: Final = Written(LetterId(""), b"")


def written(begun: Begun, reason: str) -> Written:
    """Write a dead letter: its id, and a line of JSON about its end."""
    head = {
        "v": FORMAT,
        "conversation": begun.lease.conversation,
        "reason": reason,
        "attempts": begun.attempt,
        "buried_at": time.time(),
    }
    return Written(letter_of(begun), orjson.dumps(head))


class DeadLetters:
    """The dead letters of an app."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def replay(self, letter: LetterId) -> int:
        """Put a letter's mail at the end of the mailbox it came from; return how many events.

        That is 0 if there is no such letter.

        Raises:
            StoreUnavailable: Redis did not confirm.
            MalformedEvent: it does not tell where it came from; nothing was written.
        """
        keys = self._keys
        head = await self._store.read_field(keys.dead_letter(letter), "head")
        if head is None:
            return 0
        conversation = _conversation_in(head)
        queue = keys.queue_of(conversation)
        replayed: int = await self._store.run(
            "replay",
            [
                keys.dead_letters,
                keys.dead_letter(letter),
                keys.mailbox(conversation),
                queue.wakes,
                queue.waking,
                keys.woken,
            ],
            [letter, conversation, TEMPLATE, queue.name],
        )
        return replayed

    async def newest_of(self, conversation: ConversationId) -> LetterId | None:
        """Return the last one that a conversation has, if it has one.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        found = await letters.newest(self._store, self._keys, at_most=1, conversation=conversation)
        return found.letters[0].id if found.letters else None

    async def drop(self, letter: LetterId) -> bool:
        """Forget a letter and its mail, for good; return whether there was one.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        keys = self._keys
        dropped = await self._store.run(
            "drop", [keys.dead_letters, keys.dead_letter(letter)], [letter]
        )
        return bool(dropped)


def letter_of(begun: Begun) -> LetterId:
    """Return the id that a turn's mail has as a dead letter.

    It is its first event's; mail that cannot be read has its lease's fence for one.
    """
    try:
        return LetterId(decode(begun.entries[0]).event_id)
    except MalformedEvent:
        return LetterId(f"unread-{begun.lease.fence}")


def _conversation_in(head: bytes) -> ConversationId:
    conversation = text_of(fields_of(head).get("conversation"))
    if not conversation:
        raise MalformedEvent("not_a_letter", "it does not tell which conversation it came from")
    return ConversationId(conversation)
