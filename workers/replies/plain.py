"""An answer as messages that do not grow: nothing until it is finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.errors import FeishuRejected, MessageGone, NoSuchApi, PermissionMissing, QuotaSpent
from shared.feishu import sendable
from shared.feishu.call import Priority
from shared.feishu.markdown.shown import posts
from shared.feishu.texts import outgoing
from shared.feishu.words import WORDS
from shared.model.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.feishu.sendable import Sendable
    from shared.model.ask import Ask
    from shared.model.ids import LetterId, MessageId
    from workers.replies.delivery import Delivery
    from workers.replies.forms import Forms


class PlainReply:
    """A `Reply` of one message, or of as many as the answer needs: posts, or else texts."""

    def __init__(self, delivery: Delivery, forms: Forms) -> None:
        self._delivery = delivery
        self._forms = forms
        self._newest = Progress()
        self._words = WORDS[delivery.target.language]

    async def open(self) -> None:
        """Show nothing: a message cannot grow."""

    async def wait(self, ahead: int) -> None:
        """Show nothing."""

    def revise(self, progress: Progress) -> None:
        self._newest = progress

    async def finish(self, progress: Progress) -> MessageId:
        return (await self.say(progress.text))[0]

    async def stop(self, word: str) -> None:
        await self.say(f"{self._newest.text}\n\n{word}".lstrip())

    async def fail(self, _: LetterId) -> None:
        part = f"sorry.{self._delivery.target.again}".rstrip(".")
        await self._delivery.send(
            sendable.text(self._words.sorry), part=part, priority=Priority.FINAL
        )

    async def ask(self, _: Progress, asks: Sequence[Ask]) -> None:
        wanted = [f"{ask.tool} {ask.arguments}".rstrip() for ask in asks]
        said = "\n".join([self._words.asks, *wanted, self._words.allowed_by_word])
        await self._delivery.send(
            sendable.text(said), part=f"ask.{asks[0].id}", priority=Priority.FINAL
        )

    async def aclose(self) -> None:
        """Nothing is under way."""

    async def say(self, document: str, *, first: int = 1) -> list[MessageId]:
        """Send a document in order, from part number `first` on; return its messages."""
        if self._forms.of("post"):
            try:
                return await self._send([sendable.post(each) for each in posts(document)], first)
            except (MessageGone, QuotaSpent):
                raise
            except (FeishuRejected, NoSuchApi) as refused:  # the parts that were sent remain
                if isinstance(refused, NoSuchApi | PermissionMissing):
                    self._forms.refuse("post", refused)
        return await self._send([sendable.text(each) for each in outgoing(document)], first)

    async def _send(self, messages: list[Sendable], first: int) -> list[MessageId]:
        return [
            await self._delivery.send(
                each, part=self._delivery.target.part(number), priority=Priority.FINAL
            )
            for number, each in enumerate(messages, first)
        ]
