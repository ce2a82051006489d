"""`larkspur.send`: something is to be sent that answers nothing (`shared/sending.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.errors import MalformedEvent
from shared.model.outcome import Replied
from workers.handlers.bound import BoundFeishu
from workers.handlers.events.reading import read_event

if TYPE_CHECKING:
    from typing import Any

    from shared.feishu.client import Feishu
    from shared.model.ids import MessageId
    from shared.model.outcome import Outcome
    from workers.turn import Turn


class SendHandler:
    """Sends it, once."""

    def __init__(self, feishu: Feishu) -> None:
        self._feishu = feishu

    async def handle(self, turn: Turn) -> Outcome:
        """Send it.

        Raises:
            TransientError: it is to be tried again.
            PermanentError: it was refused, and becomes a dead letter.
        """
        event = read_event(turn.mails[0])
        # With its time: what comes under the same key a day later is another message.
        about = f"{event.event_id} {event.create_time}"
        feishu = BoundFeishu(self._feishu, turn, about)
        return Replied(await _sent(feishu, event.raw["event"]))

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for it."""


async def _sent(feishu: BoundFeishu, body: dict[str, Any]) -> MessageId:
    match body:
        case {"to": str(to), "text": str(text)}:
            return await feishu.send_text(to, text)
        case {"to": str(to), "markdown": str(markdown)}:
            return await feishu.send(to, markdown)
        case {"to": str(to), "card": dict(card)}:
            return await feishu.send_card(to, card)
        case _:
            raise MalformedEvent("nothing_to_send")
