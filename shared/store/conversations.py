"""The conversations that have mail: which there are, and taking one from whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from shared.model.ids import ConversationId, Fence
from shared.model.queue import QUEUES
from shared.store.entry import received_at
from shared.store.wake import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.queue import Queue
    from shared.store.connection import Store
    from shared.store.keys import Keys, QueueKeys

State = Literal["running", "waiting", "deferred"]
STATES: Final[tuple[State, ...]] = ("running", "waiting", "deferred")

_PAGE: Final = 100  # conversations that Redis is asked for at once: others wait meanwhile


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation that has mail.

    `at` is when its lease expires if it is running, since when it is waiting, or when it is to be
    woken if it is deferred; in Unix seconds. `mail` counts the entries of its mailbox; it is None
    if something else lies there. `age` is that of its oldest mail, in seconds, None if that does
    not tell.
    """

    name: ConversationId
    queue: Queue
    state: State
    at: float
    mail: int | None
    attempts: int
    fence: Fence | None
    age: float | None


class Page(NamedTuple):
    """Some conversations, the time of Redis in Unix seconds, and how many there are in all."""

    conversations: list[Conversation]
    now: float
    total: int


class Conversations:
    """The conversations of an app, as a person looks after them."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def in_states(self, states: Sequence[State], *, at_most: int) -> Page:
        """Return those in some states: of each the first to expire, to be served, or to be due.

        They are read page by page: one that moves meanwhile may be missed, but is not named twice.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        found: dict[ConversationId, Conversation] = {}
        now, total = 0.0, 0
        for state in states:
            for queue in QUEUES:
                first, there = 0, 1
                while first < there and (first == 0 or len(found) < at_most):
                    wanted = min(_PAGE, max(1, at_most - len(found)))
                    now, there, page = await self._page(queue, state, first, wanted)
                    for one in page:
                        found.setdefault(one.name, one)
                    first += wanted
                total += there
        return Page([*found.values()][:at_most], now, total)

    async def release(self, conversation: ConversationId) -> State | None:
        """Have a conversation run again at once, wherever it was; return in which state that was.

        One that is waiting is left as it is; None says that it has no mail. Whoever runs it finds
        its lease lost at its next write, or within a third of the lease.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        keys, queue = self._keys, self._keys.queue_of(conversation)
        was: bytes = await self._store.run(
            "evict",
            [
                queue.leases,
                queue.running,
                queue.deferred,
                queue.attempts,
                queue.wakes,
                queue.waking,
                keys.woken,
            ],
            [conversation, TEMPLATE, queue.name],
        )
        return next((state for state in STATES if state.encode() == was), None)

    async def _page(
        self, name: Queue, state: State, first: int, wanted: int
    ) -> tuple[float, int, list[Conversation]]:
        queue = self._keys.queue(name)
        now, there, *shown = await self._store.run(
            "survey",
            [_place(queue, state), queue.leases, queue.attempts, self._keys.mailboxes],
            [first, wanted],
        )
        return now / 1000, there, [_conversation(name, state, now / 1000, one) for one in shown]


def _place(queue: QueueKeys, state: State) -> str:
    return {"running": queue.running, "waiting": queue.waking, "deferred": queue.deferred}[state]


def _conversation(queue: Queue, state: State, now: float, shown: Sequence[Any]) -> Conversation:
    name, score, mail, attempts, fence, head = shown
    received = received_at(head)
    return Conversation(
        name=ConversationId(name.decode(errors="backslashreplace")),
        queue=queue,
        state=state,
        at=float(score) / 1000,
        mail=None if mail < 0 else mail,
        attempts=attempts,
        fence=None if fence is None else Fence(int(fence)),
        age=None if received is None else max(0.0, now - received),
    )
