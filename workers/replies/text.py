"""An answer as plain text: nothing until it is finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.feishu.cards import SORRY
from shared.feishu.client import idempotency_key
from shared.feishu.texts import outgoing

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.model.ids import LetterId, MessageId
    from workers.replies.reply import Sent


class TextReply:
    """A `Reply` of one message, or of as many as the answer needs."""

    def __init__(self, feishu: Feishu, question: MessageId, *, in_thread: bool, sent: Sent) -> None:
        self._feishu = feishu
        self._question = question
        self._in_thread = in_thread
        self._sent = sent
        self._written = ""

    async def open(self) -> None:
        """Show nothing: a text cannot grow."""

    def revise(self, text: str) -> None:
        self._written = text

    async def finish(self, text: str) -> MessageId:
        return (await self.say(outgoing(text)))[0]

    async def stop(self, word: str) -> None:
        await self.say(outgoing(f"{self._written}\n\n{word}".lstrip()))

    async def wait(self, ahead: int) -> None:
        """Show nothing."""

    async def fail(self, _: LetterId) -> None:
        await self._say(SORRY, part="sorry")

    async def aclose(self) -> None:
        """Nothing is under way."""

    async def say(self, pieces: list[str], *, first: int = 1) -> list[MessageId]:
        """Send pieces of an answer in order, of which the first is its part number `first`."""
        return [await self._say(text, part=part(n)) for n, text in enumerate(pieces, first)]

    async def _say(self, text: str, *, part: str) -> MessageId:
        return await self._sent.once(
            idempotency_key(self._feishu.app_id, self._question, part),
            lambda: self._feishu.reply_text(
                self._question, text, part=part, in_thread=self._in_thread
            ),
        )


def part(number: int) -> str:
    """Return the name of a part of an answer, counted from 1."""
    return "answer" if number == 1 else f"answer.{number}"
