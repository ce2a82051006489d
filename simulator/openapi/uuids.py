"""At most one message per `uuid` and hour (im-v1/message/create, facts 3)."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from simulator.openapi.errors import being_sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.gateway.clock import Clock
    from simulator.world.messages import Message

REMEMBERED: Final = 60 * 60.0
LONGEST: Final = 50


class Uuids:
    """What was sent under which uuid in the last hour, at most `keep` of them.

    The replay's answer is a decision of this simulator: the platform promises one success an
    hour, but not what the second call gets. Here it gets the first one's message and code 0,
    as public reports claim. It is unverified (facts 10), and this class is its only place.
    """

    def __init__(self, clock: Clock, keep: int) -> None:
        self._clock = clock
        self._keep = keep
        self._sent: OrderedDict[str, tuple[float, Message]] = OrderedDict()
        self._sending: set[str] = set()

    def sent(self, uuid: str | None) -> Message | None:
        """Return the message sent under this uuid, if the platform would still know it."""
        self._forget()
        found = self._sent.get(uuid) if uuid else None
        return None if found is None else found[1]

    @contextmanager
    def sending(self, uuid: str | None) -> Iterator[None]:
        """Hold a uuid while its message is being sent.

        Raises:
            ApiError: 230049, another call holds it.
        """
        if uuid in self._sending:
            raise being_sent()
        if uuid:
            self._sending.add(uuid)
        try:
            yield
        finally:
            self._sending.discard(uuid or "")

    def remember(self, uuid: str | None, message: Message) -> None:
        if not uuid:
            return
        self._sent[uuid] = (self._clock.time(), message)
        if len(self._sent) > self._keep:
            self._sent.popitem(last=False)

    def _forget(self) -> None:
        oldest_known = self._clock.time() - REMEMBERED
        while self._sent and next(iter(self._sent.values()))[0] <= oldest_known:
            self._sent.popitem(last=False)
