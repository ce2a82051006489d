"""What must be true of conversations, without Redis: the model that the scripts are held against.

Pure, and as simple as can be: a list of pending events a conversation, and who may write for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from shared.store.lease import TOGETHER

if TYPE_CHECKING:
    from shared.model.ids import Fence


class Filed(NamedTuple):
    """An event as the model knows it."""

    event_id: str
    kind: str


@dataclass
class Page:
    """One conversation. It is `waking`, `running` under a fence, `deferred`, or has no mail."""

    state: str = ""
    pending: list[Filed] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    attempts: int = 0
    taken: int = 0
    fence: Fence | None = None
    writers: list[Fence] = field(default_factory=list)
    """Of every write that was confirmed, in order."""

    def accept(self, event: Filed) -> None:
        self.accepted.append(event.event_id)
        self.pending.append(event)
        self.state = self.state or "waking"

    def take(self, at_most: int) -> list[str]:
        """What a turn gets: what was taken before, or one event, or messages in a row."""
        if not self.taken:
            self.taken = 1
            if self.pending[0].kind == TOGETHER:
                row = self.pending[:at_most]
                while self.taken < len(row) and row[self.taken].kind == TOGETHER:
                    self.taken += 1
        return [event.event_id for event in self.pending[: self.taken]]

    def begin(self, fence: Fence, at_most: int) -> tuple[int, list[str]]:
        """Return which attempt this is, and the mail it is about."""
        self.state, self.fence = "running", fence
        self.attempts += 1
        self.writers.append(fence)
        return self.attempts, self.take(at_most)

    def holds(self, fence: Fence) -> bool:
        return self.state == "running" and self.fence == fence

    def settle(self, done: int) -> list[str]:
        """Return the events that ended."""
        over = [event.event_id for event in self.pending[:done]]
        self.ended += over
        del self.pending[:done]
        self.attempts = self.taken = 0
        self._let_go("waking" if self.pending else "")
        return over

    def defer(self, *, tried: bool) -> None:
        self.attempts -= 0 if tried else 1
        self._let_go("deferred")

    def release(self) -> None:
        self.attempts -= 1
        self._let_go("waking")

    def evict(self) -> None:
        """A person took it from whoever had it, or ended its waiting for a retry."""
        if self.state == "running":
            self.release()
        elif self.state == "deferred":
            self.wake()

    def wake(self) -> None:
        """The sweep did: the lease expired, the deferral ended, or the wake was lost."""
        self._let_go("waking")

    def _let_go(self, state: str) -> None:
        self.state, self.fence = state, None
