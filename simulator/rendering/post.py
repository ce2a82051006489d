"""A post as HTML: a title and paragraphs of elements (im-v1/message-content/create_json)."""

from __future__ import annotations

from html import escape
from typing import Any, Final

from simulator.rendering.emoji import emoji
from simulator.rendering.inline import words_html
from simulator.rendering.markdown import IMAGE_KEY, markdown_html
from simulator.rendering.sanitised import sanitised

STYLES: Final = {"bold": "strong", "italic": "em", "underline": "u", "lineThrough": "s"}
LANGUAGES: Final = ("zh_cn", "en_us", "ja_jp", "zh_hk", "zh_tw")


def post_html(content: dict[str, Any]) -> str:
    """Return it whole; what is not a post's shape shows as nothing."""
    post = next((content[name] for name in LANGUAGES if name in content), content)
    if not isinstance(post, dict):
        return ""
    title = post.get("title")
    head = f"<h4>{escape(title)}</h4>" if isinstance(title, str) and title else ""
    body = "".join(map(_paragraph, _list(post.get("content"))))
    return sanitised(head + body)


def _paragraph(elements: Any) -> str:
    found = [each for each in _list(elements) if isinstance(each, dict)]
    html = "".join(map(_element, found))
    if any(each.get("tag") in ("md", "hr", "code_block") for each in found):
        return html  # they are blocks, which a paragraph cannot hold
    return f"<p>{html or '<br>'}</p>"


def _element(element: dict[str, Any]) -> str:
    html = _unstyled(element)
    for style in _list(element.get("style")):
        if style in STYLES:
            html = f"<{STYLES[style]}>{html}</{STYLES[style]}>"
    return html


def _unstyled(element: dict[str, Any]) -> str:
    given = element.get("text")
    text = given if isinstance(given, str) else ""
    match element.get("tag"):
        case "a":
            href = escape(str(element.get("href", "")))
            return f'<a href="{href}">{escape(text or href)}</a>'
        case "at":
            name = escape(str(element.get("user_name") or ""))
            identity = escape(str(element.get("user_id", "")))
            return f'<span class="at" data-id="{identity}">{f"@{name}" if name else ""}</span>'
        case "img":
            return _image(str(element.get("image_key", "")))
        case "emotion":
            return escape(emoji(str(element.get("emoji_type", ""))))
        case "code_block":
            return f"<pre><code>{escape(text)}</code></pre>"
        case "hr":
            return "<hr>"
        case "md":
            return markdown_html(text)
        case _:
            return words_html(text).replace("\n", "<br>")


def _image(key: str) -> str:
    if not IMAGE_KEY.fullmatch(key):
        return "[image]"
    return f'<img class="picture" src="/_sim/files/{key}" alt="Image">'


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []
