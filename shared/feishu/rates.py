"""How often which call may be made: the platform's limits (facts 3 and 4). Pure.

A call counts in several buckets at once: those of its API, and that of the chat it shows in, of the
message or of the card it changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.feishu.call import Priority
from shared.model.rate import Rate

if TYPE_CHECKING:
    from shared.feishu.call import Call
    from shared.settings import Limits

_SHARES: Final = {
    Priority.FINAL: 1.0,
    Priority.FIRST: 0.98,
    Priority.SEND: 0.95,
    Priority.REVISION: 0.9,
}
_MARGIN: Final = 1.1
"""Windows are taken longer than the platform's: calls do not arrive as evenly as they leave."""

_UNLIMITED: Final = "/open-apis/auth/"
_CARD: Final = "/open-apis/cardkit/v1/cards/:card_id"
_MESSAGE: Final = "PATCH /open-apis/im/v1/messages/:message_id"


class Rates:
    """The buckets of every call, as large as the settings say."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def of(self, call: Call) -> list[Rate]:
        """Return the buckets of a call, those of its API first; none if it is not limited."""
        if call.api.startswith(_UNLIMITED):
            return []
        limits, api = self._limits, str(call)
        rates = [
            _rate(call, api, limits.per_second, 1.0),
            _rate(call, f"{api} minute", limits.per_minute, 60.0),
        ]
        if call.chat is not None:
            rates.append(_rate(call, f"chat {call.chat}", limits.per_chat, 1.0))
        if call.api.startswith(_CARD):
            rates.append(_rate(call, f"card {call.ids['card_id']}", limits.per_card, 1.0))
        if api == _MESSAGE:
            bucket = f"message {call.ids['message_id']}"
            rates.append(_rate(call, bucket, limits.per_message, 1.0))
        return rates

    def pace(self, api: str) -> tuple[Rate, float]:
        """Return the minute's bucket of an API, and how many revisions may be made in a second."""
        share = _SHARES[Priority.REVISION]
        per_minute = self._limits.per_minute
        minute = Rate(f"{api} minute", per_minute, 60 * _MARGIN, int(per_minute * share))
        return minute, self._limits.per_second * share


def _rate(call: Call, bucket: str, at_most: int, seconds: float) -> Rate:
    share = max(1, int(at_most * _SHARES[call.priority]))
    return Rate(bucket, at_most, seconds * _MARGIN, share)
