"""What a message can be made of. Pure.

https://open.feishu.cn/document/server-docs/im-v1/message-content-description/create_json
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from shared.feishu.cards import Card
    from shared.model.ids import CardId


class Sendable(NamedTuple):
    """A kind of message, and its content."""

    kind: str
    content: dict[str, Any]


def text(words: str) -> Sendable:
    return Sendable("text", {"text": words})


def post(content: dict[str, Any]) -> Sendable:
    return Sendable("post", content)


def entity(card_id: CardId) -> Sendable:
    """A card of cardkit's; it can be shown by one message only."""
    return Sendable("interactive", {"type": "card", "data": {"card_id": card_id}})


def card(whole: Card) -> Sendable:
    """A card that its message holds itself."""
    return Sendable("interactive", whole)


def picture(key: str) -> Sendable:
    return Sendable("image", {"image_key": key})


def file(key: str) -> Sendable:
    return Sendable("file", {"file_key": key})
