"""Reading a question: its words, what it quotes, and what came with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.errors import FeishuRejected, TooLarge
from shared.feishu.cards import answer_in
from shared.feishu.contents import text_of
from shared.feishu.envelope import content_of
from shared.feishu.sniffing import PICTURES, decoded, kind_of
from shared.model.prompt import Picture, Prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.feishu.client import Feishu
    from shared.model.ids import MessageId, OpenId
    from shared.model.message import Attachment, MessageReceived

MERGED: Final = "merge_forward"
_LARGEST_PICTURE: Final = 10 * 1024 * 1024
_LARGEST_TEXT: Final = 100 * 1024
_MOST_PICTURES: Final = 8
_MOST_MERGED: Final = 50


class Reader:
    """Turns messages into what a model is asked; `sees` says whether it can look at pictures."""

    def __init__(self, feishu: Feishu, *, sees: bool) -> None:
        self._feishu = feishu
        self._sees = sees

    async def prompt(self, messages: Sequence[MessageReceived], bot: OpenId) -> Prompt:
        """Read messages, which are one question. What cannot be had is named in words.

        Raises:
            FeishuUnavailable, FeishuRateLimited, StoreUnavailable: later.
        """
        words: list[str] = []
        pictures: list[Picture] = []
        for message in messages:
            words += await self._quoted(message)
            words += await self._said(message, bot)
            for attachment in message.attachments:
                found = await self._attached(message.message_id, attachment, len(pictures))
                if isinstance(found, Picture):
                    pictures.append(found)
                elif found:
                    words.append(found)
        return Prompt("\n".join(words), tuple(pictures))

    async def _said(self, message: MessageReceived, bot: OpenId) -> list[str]:
        if message.kind != MERGED:
            return [message.text_for(bot)]
        try:
            _, *parts = await self._feishu.messages(message.message_id)
        except FeishuRejected:
            return [message.text_for(bot)]
        return ["[forwarded messages]", *(f"> {_words(part)}" for part in parts[:_MOST_MERGED])]

    async def _quoted(self, message: MessageReceived) -> list[str]:
        """Fetch what is quoted, which is not in the event (facts 8)."""
        if message.parent is None or message.in_thread:  # in a thread all quote its root
            return []
        try:
            quoted = _words(await self._feishu.message(message.parent))
        except FeishuRejected:
            return []
        return [f"> {line}" for line in quoted.splitlines()]

    async def _attached(
        self, message: MessageId, attachment: Attachment, pictures: int
    ) -> Picture | str:
        """Return a picture, or words; none for a picture that its message's text names anyhow."""
        if attachment.kind == "image" and (not self._sees or pictures >= _MOST_PICTURES):
            return ""
        if attachment.kind in ("audio", "video"):
            return f"[{attachment.seconds:.0f} s, not played]" if attachment.seconds else ""
        at_most = _LARGEST_PICTURE if self._sees else _LARGEST_TEXT
        try:
            content = await self._feishu.resource(message, attachment, at_most=at_most)
        except (FeishuRejected, TooLarge) as fault:
            return f"[{attachment.kind} {attachment.name} cannot be read: {_reason(fault)}]"
        kind = kind_of(content)
        if kind in PICTURES and self._sees:
            return Picture(kind, content)
        return _described(attachment, content, kind)


def _described(attachment: Attachment, content: bytes, kind: str) -> str:
    """Return a text file's text; of any other file what it is."""
    text = decoded(content) if len(content) <= _LARGEST_TEXT else None
    name = attachment.name or attachment.kind
    if text is None:
        return f"[{name}: {kind}, {len(content):,} bytes, not read]"
    return f"[{name}]\n{text}"


def _words(item: dict[str, object]) -> str:
    body = item.get("body")
    content = content_of(body.get("content") if isinstance(body, dict) else None)
    return answer_in(content) or text_of(str(item.get("msg_type")), content)


def _reason(fault: FeishuRejected | TooLarge) -> str:
    return "it is too large" if isinstance(fault, TooLarge) else f"code {fault.code}"
