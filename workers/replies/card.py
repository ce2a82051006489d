"""An answer as a card that grows while it is written, and goes on in another when it is full."""

from __future__ import annotations

import time
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import FeishuRejected, MessageGone, QuotaSpent
from shared.feishu.cards import (
    asking,
    continued,
    failed,
    finished,
    live,
    stopped,
    thinking,
    told,
    waiting,
)
from shared.feishu.markdown.blocks import blocks
from shared.feishu.markdown.pieces import pieces
from shared.feishu.markdown.shown import card_markdown
from shared.feishu.words import WORDS
from shared.model.progress import Progress
from workers.replies.revisions import Revisions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from shared.feishu.call import Priority
    from shared.feishu.cards import Card
    from shared.feishu.markdown.pieces import Piece
    from shared.model.ask import Ask
    from shared.model.ids import LetterId, MessageId
    from shared.model.target import Target
    from workers.replies.pictures import Pictures
    from workers.replies.plain import PlainReply
    from workers.replies.sheets import Sheet, Sheets

LONGEST: Final = 9 * 60.0
"""Seconds that a card grows; the platform ends that after 10 minutes (facts 4)."""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class CardReply:
    """A `Reply` as cards. Where they are refused, messages say the same."""

    def __init__(
        self,
        sheets: Sheets,
        plain: PlainReply,
        pictures: Pictures,
        target: Target,
        *,
        place: Callable[[str], Awaitable[float]],
        interval: float,
        longest: float = LONGEST,
    ) -> None:
        """`place` takes one for a revision by an API; `interval` is the seconds between two."""
        self._sheets = sheets
        self._plain = plain
        self._pictures = pictures
        self._target = target
        self._words = WORDS[target.language]
        self._longest = longest
        self._place = place
        self._newest = Progress()
        self._revisions = Revisions(self._revise, self._placed, interval=interval)
        self._growing: Sheet | None = None
        self._at = 0
        self._cuts: list[int] = []
        self._grows_since = time.monotonic()

    async def open(self) -> None:
        """Show a card that thinks, or have the one of an earlier worker think again.

        Raises:
            LeaseLost: another worker writes this reply.
        """
        adopted, card = self._sheets.begun, thinking(self._target)
        self._growing = await self._sheets.at(0, card)
        if self._growing is None or (adopted and not await _turned(self._growing, card)):
            return
        self._grows_since = time.monotonic()
        self._revisions.start()

    async def wait(self, ahead: int) -> None:
        await self._sheets.at(0, waiting(ahead, self._target))

    def revise(self, progress: Progress) -> None:
        self._newest = progress
        self._revisions.offer(progress.text or live(progress))

    async def finish(self, progress: Progress) -> MessageId:
        ending = partial(finished, progress=progress, target=self._target)
        return await self._end(progress.text, ending)

    async def stop(self, word: str) -> None:
        text = self._newest.text
        await self._end(text, partial(stopped, word=word), plainly=f"{text}\n\n{word}".lstrip())

    async def ask(self, progress: Progress, asks: Sequence[Ask]) -> None:
        await self._revisions.end()
        card = asking(progress, asks, self._target)
        sheet = await self._sheets.at(0, card)
        if sheet is None or not await _turned(sheet, card):
            await self._plain.ask(progress, asks)

    async def fail(self, letter: LetterId) -> None:
        await self._revisions.end()
        sheet = None
        if self._sheets.begun:
            sheet = await self._sheets.at(0, thinking(self._target))
        if sheet is None or not await _turned(sheet, failed(self._target, letter)):
            await self._plain.fail(letter)
        await self._clear(1)

    async def aclose(self) -> None:
        await self._revisions.aclose()

    async def _placed(self) -> float:
        return await self._place(self._growing.api) if self._growing else 0.0

    async def _revise(self, text: str, priority: Priority) -> None:
        """Write into the card that grows, or, if the text has outgrown it, into the next one."""
        if self._newest.text:
            whole = card_markdown(self._newest.text)
            if time.monotonic() - self._grows_since > self._longest:
                self._cuts.append(self._border(whole))
                self._grows_since = time.monotonic()
            parts = self._parts(whole)
            await self._roll_over(parts)
            # what was half a mention a moment ago can be shorter now that it is whole
            text = parts[self._at].text if self._at < len(parts) else ""
        if self._growing is not None and text:
            await self._growing.write(text, priority)

    async def _roll_over(self, parts: Sequence[Piece]) -> None:
        while self._growing is not None and self._at < len(parts) - 1:
            full, part = self._growing, parts[self._at]
            self._growing = await self._sheets.at(self._at + 1, thinking(self._target))
            await full.replace(continued(part.text, self._target))  # now that there is a next one
            self._at += 1
            self._grows_since = time.monotonic()

    def _border(self, whole: str) -> int:
        """Return where a text that grows is to go on in the next card: before its last block."""
        *before, last = self._parts(whole)
        begun = sum(len(each.source) for each in before)
        grown = blocks(last.source)
        block = len(last.source) - len(grown[-1].text) if grown else 0
        return begun + (block or last.source.rfind("\n") + 1 or len(last.source))

    def _parts(self, whole: str) -> list[Piece]:
        """Return what each card shows of a text, as many as it needs."""
        borders = [0, *(cut for cut in self._cuts if cut < len(whole)), len(whole)]
        return [piece for begun, end in pairwise(borders) for piece in pieces(whole[begun:end])]

    async def _end(
        self, document: str, ending: Callable[[str], Card], *, plainly: str | None = None
    ) -> MessageId:
        """Say it all: in cards, and what is refused there in messages."""
        await self._revisions.end()
        if pictures := await self._pictures.of(document):
            self._cuts.clear()  # their keys are shorter than their URLs
        parts = self._parts(card_markdown(document, pictures).rstrip())
        for place, part in enumerate(parts):
            sheet = await self._sheets.at(place, thinking(self._target))
            is_last = place == len(parts) - 1
            if not is_last:  # nobody is to take a full card for the last one
                await self._sheets.at(place + 1, thinking(self._target))
            card = ending(part.text) if is_last else continued(part.text, self._target)
            if sheet is None or not await _turned(sheet, card):
                rest = "".join(each.source for each in parts[place:])
                return await self._say_below(sheet, rest if place else plainly or document)
        await self._clear(len(parts))
        if (first := self._sheets.first) is None:
            raise RuntimeError("an answer without a message")
        return first

    async def _say_below(self, sheet: Sheet | None, document: str) -> MessageId:
        """Say in messages what a sheet does not take, or what there is no sheet for."""
        if refusing := sheet or self._sheets.astray:
            await _turned(refusing, told(self._words.below))
        said = await self._plain.say(document.rstrip(), first=len(self._sheets) + 1)
        return self._sheets.first or said[0]

    async def _clear(self, needed: int) -> None:
        """Say in the cards of an earlier, longer try that the answer is above."""
        for place in range(needed, len(self._sheets)):
            above = told(self._words.above)
            if sheet := await self._sheets.at(place, above):
                await _turned(sheet, above)


async def _turned(sheet: Sheet, card: Card) -> bool:
    """Have a sheet show another card; return whether it took it."""
    try:
        await sheet.replace(card)
    except (MessageGone, QuotaSpent):
        raise
    except FeishuRejected as refused:
        log.warning("card.refused", reason=str(refused))
        return False
    return True
