"""The platform's markdown as HTML (feishu-cards/card-components/content-components/rich-text).

It is CommonMark with tables and strikethrough, a line break for a line break, and a few tags
of its own; any other HTML is text like the rest.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from markdown_it import MarkdownIt

from simulator.rendering.inline import marked_html, tag_html
from simulator.rendering.sanitised import sanitised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

REMEMBERED: Final = 1024
SHORT: Final = 8 * 1024
"""Characters up to which a rendering is remembered: at most some 20 MB together."""
IMAGE_KEY: Final = re.compile(r"img_[A-Za-z0-9_-]+")


def markdown_html(source: str) -> str:
    return _remembered(source) if len(source) <= SHORT else _rendered(source)


def text_html(source: str) -> str:
    """Return a bot's text message: links, bold and the inline tags, but no blocks.

    The `text` of im-v1/message-content/create_json knows no headings and no lists.
    """
    return sanitised(_TEXT.renderInline(source))


@lru_cache(REMEMBERED)
def _remembered(source: str) -> str:
    return _rendered(source)


def _rendered(source: str) -> str:
    return sanitised(_MARKDOWN.render(source))


def _parser(*, blocks: bool) -> MarkdownIt:
    parser = MarkdownIt("js-default" if blocks else "zero", {"html": True, "breaks": True})
    if blocks:
        parser.disable("html_block")
    else:
        parser.enable(["newline", "link", "emphasis", "html_inline", "strikethrough"])
    for rule, draw in (("html_inline", _tag), ("text", _words), ("image", _image)):
        parser.add_render_rule(rule, draw)
    return parser


def _tag(_: RendererHTML, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return tag_html(tokens[index].content)


def _words(_: RendererHTML, tokens: Sequence[Token], index: int, *__: Any) -> str:
    inside_link = any(t.type == "link_open" for t in tokens[max(index - 1, 0) : index])
    content = tokens[index].content
    return escape(content) if inside_link else marked_html(content)


def _image(_: RendererHTML, tokens: Sequence[Token], index: int, *__: Any) -> str:
    token = tokens[index]
    source, alt = str(token.attrs.get("src", "")), escape(token.content)
    if IMAGE_KEY.fullmatch(source):
        return f'<img class="picture" src="/_sim/files/{source}" alt="{alt}">'
    return f'<a href="{escape(source)}">{alt or escape(source)}</a>'


_MARKDOWN = _parser(blocks=True)
_TEXT = _parser(blocks=False)
