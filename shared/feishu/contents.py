"""The content of a message in words, as somebody in the chat sees it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.feishu.card_words import card_words
from shared.feishu.posts import post_words
from shared.feishu.things import thing

if TYPE_CHECKING:
    from typing import Any


def text_of(message_type: str, content: dict[str, Any]) -> str:
    """Return what a text, a post or a card says; any other kind is told of in brackets."""
    match message_type:
        case "text":
            text = content.get("text")
            return text if isinstance(text, str) else ""
        case "post":
            return post_words(content)
        case "interactive":
            return card_words(content) or "[card]"
        case _:
            return thing(message_type, content)
