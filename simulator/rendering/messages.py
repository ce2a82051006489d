"""A message as HTML, whoever wrote it."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

import orjson

from simulator.rendering.inline import words_html
from simulator.rendering.markdown import text_html
from simulator.rendering.post import post_html
from simulator.world.messages import SenderKind

if TYPE_CHECKING:
    from simulator.world.messages import Mention, Message


def message_html(message: Message) -> str | None:
    """Return a text or a post as sanitised HTML, always fit for UTF-8; other kinds are None."""
    content = _parsed(message.content)
    if message.msg_type == "post":
        html = post_html(content)
    elif message.msg_type == "text":
        html = _text(message, str(content.get("text", "")))
    else:
        return None
    for mention in message.mentions:
        html = _named(html, mention)
    return html.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _text(message: Message, text: str) -> str:
    if message.sender.kind is SenderKind.APP:
        return text_html(text)
    # What a person types is words: no tag and no markdown of theirs means anything.
    return words_html(text).replace("@_all", '<span class="at" data-id="all"></span>')


def _named(html: str, mention: Mention) -> str:
    at = f'<span class="at" data-id="{escape(mention.open_id)}">@{escape(mention.name)}</span>'
    in_post = f'<span class="at" data-id="{escape(mention.key)}"></span>'
    return html.replace(in_post, at, 1) if in_post in html else html.replace(mention.key, at, 1)


def _parsed(content: str) -> dict[str, Any]:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:  # half a surrogate pair, which a user's text may hold
        found = json.loads(content)
    return found if isinstance(found, dict) else {}
