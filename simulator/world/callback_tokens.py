"""The tokens that come with a card's callback, for updating that card later.

Thirty minutes, two uses, and not before the callback was answered
(uMDO1YjLzgTN24yM4UjN, facts 2.4).
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from simulator.world.card_refusals import refused

if TYPE_CHECKING:
    from simulator.gateway.clock import Clock
    from simulator.ids import MessageId

LIFE: Final = 30 * 60.0
MOST_USES: Final = 2
PATIENCE: Final = 3.0
"""Seconds a press locks its card at most: as long as the platform waits for the answer."""


@dataclass(slots=True)
class _Issued:
    message_id: MessageId
    issued_at: float
    answered: bool = False
    uses: int = 0


class CallbackTokens:
    """At most `keep`, the oldest fall off and count as expired."""

    def __init__(self, clock: Clock, keep: int) -> None:
        self._clock = clock
        self._keep = keep
        self._issued: OrderedDict[str, _Issued] = OrderedDict()
        self._pressed: OrderedDict[MessageId, tuple[str, float]] = OrderedDict()

    def issue(self, message_id: MessageId) -> str:
        """Return a token for a callback about that message's card, which is locked from now."""
        token = "c-" + secrets.token_hex(20)
        now = self._clock.time()
        self._issued[token] = _Issued(message_id, now)
        self._pressed[message_id] = token, now + PATIENCE
        for remembered in (self._issued, self._pressed):
            if len(remembered) > self._keep:
                remembered.popitem(last=False)
        return token

    def answered(self, token: str) -> None:
        """Note that the app has answered the callback: the token is good, the card unlocked."""
        issued = self._issued.get(token)
        if issued is None:
            return
        issued.answered = True
        if self._pressed.get(issued.message_id, ("", 0.0))[0] == token:
            del self._pressed[issued.message_id]

    def is_interacting(self, message_id: MessageId) -> bool:
        """Tell whether the newest press on that message's card still awaits its answer."""
        _, until = self._pressed.get(message_id, ("", float("-inf")))
        return self._clock.time() < until

    def redeem(self, token: str) -> MessageId:
        """Use a token once, and return whose card it may update.

        Raises:
            ApiError: as `bearer`.
        """
        message_id = self.bearer(token)
        self._issued[token].uses += 1
        return message_id

    def bearer(self, token: str) -> MessageId:
        """Return whose card a token may update, without using it.

        Raises:
            ApiError: 300020 malformed, 300030 unknown, expired or never answered in time,
                300040 used up, 200810 not answered yet (what the platform does then is
                documented as failing or being undone; this simulator fails).
        """
        if not token.startswith("c-"):
            raise refused(300020)
        issued = self._issued.get(token)
        if issued is None or self._clock.time() - issued.issued_at >= LIFE:
            raise refused(300030)
        if not issued.answered:
            raise refused(200810 if self.is_interacting(issued.message_id) else 300030)
        if issued.uses >= MOST_USES:
            raise refused(300040)
        return issued.message_id
