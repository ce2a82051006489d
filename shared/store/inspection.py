"""All that is kept of one conversation, as a person looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.model.ids import Fence
from shared.store.entry import entries_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.ids import ConversationId
    from shared.model.queue import Queue
    from shared.store.connection import Store
    from shared.store.conversations import State
    from shared.store.entry import Entry
    from shared.store.keys import Keys


@dataclass(frozen=True, slots=True)
class Kept:
    """What there is of the reply to the question that the turn answers, or answered last."""

    question: str
    card: str | None
    message: str | None
    generation: int
    answer_size: int
    """Bytes of the finished answer; 0 until there is one."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A conversation as of `now`. All times are in Unix seconds.

    `at` is as in `Conversation`. `taken` is how much of its mail its turn is about, `mail` how much
    there is (None if something else lies there), of which `entries` are the first.
    """

    now: float
    queue: Queue
    state: State | None
    at: float | None
    fence: Fence | None
    attempts: int
    taken: int | None
    stopping: bool
    question: str | None
    draft: Kept | None
    told_at: float | None
    exchanges: int
    mail: int | None
    entries: Sequence[Entry]

    @property
    def exists(self) -> bool:
        """Whether anything is kept of it."""
        return self.state is not None or self.mail != 0 or self.exchanges > 0


async def inspect(
    store: Store, keys: Keys, conversation: ConversationId, *, at_most: int, content: bool
) -> Inspected:
    """Look at a conversation and at most so many entries of its mail.

    Raises:
        StoreUnavailable: Redis did not answer.
    """
    queue = keys.queue_of(conversation)
    shown = await store.run(
        "inspect",
        [
            queue.waking,
            queue.running,
            queue.deferred,
            queue.leases,
            queue.attempts,
            queue.taken,
            queue.stops,
            queue.answering,
            queue.told,
            keys.mailbox(conversation),
            keys.history(conversation),
            keys.drafts,
        ],
        [conversation, at_most, int(content)],
    )
    return _inspected(queue.name, shown)


def _inspected(queue: Queue, shown: Sequence[Any]) -> Inspected:
    now, waking, running, deferred, fence, attempts, taken, stop, question, told, *rest = shown
    mail, exchanges, draft, entries = rest
    state, score = _state(waking, running, deferred)
    return Inspected(
        now=now / 1000,
        queue=queue,
        state=state,
        at=_seconds(score),
        fence=None if fence is None else Fence(int(fence)),
        attempts=int(attempts or 0),
        taken=None if taken is None else int(taken),
        stopping=stop is not None and stop == fence,
        question=_text(question),
        draft=None if draft is None else _kept(question, draft),
        told_at=_seconds(told),
        exchanges=exchanges,
        mail=None if mail < 0 else mail,
        entries=entries_of(entries),
    )


def _state(
    waking: bytes | None, running: bytes | None, deferred: bytes | None
) -> tuple[State | None, bytes | None]:
    if running is not None:
        return "running", running
    if waking is not None:
        return "waiting", waking
    return ("deferred" if deferred is not None else None), deferred


def _kept(question: bytes, draft: Sequence[Any]) -> Kept:
    card, message, generation, answer_size = draft
    return Kept(
        question=_text(question) or "",
        card=_text(card),
        message=_text(message),
        generation=int(generation or 0),
        answer_size=answer_size,
    )


def _text(value: bytes | None) -> str | None:
    return value.decode(errors="backslashreplace") if value else None


def _seconds(milliseconds: bytes | None) -> float | None:
    return None if milliseconds is None else float(milliseconds) / 1000
