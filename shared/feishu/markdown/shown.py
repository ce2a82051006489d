"""A document as a card's Markdown component, or a post's, shows it.

https://open.feishu.cn/document/feishu-cards/card-json-v2-components/content-components/rich-text
https://open.feishu.cn/document/server-docs/im-v1/message-content-description/create_json
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from shared.feishu.markdown.blocks import Block, blocks
from shared.feishu.markdown.inline import formulas, inline
from shared.feishu.markdown.pieces import pieces
from shared.feishu.markdown.spans import outside_code
from shared.feishu.markdown.tables import aligned
from shared.feishu.texts import writable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HEADING: Final = re.compile(r"^( {0,3})#{1,6}[ \t]+(.*)$", re.MULTILINE)
_TASK: Final = re.compile(r"^(\s*[-*+] )\[([ xX])\] ", re.MULTILINE)
_NO_PICTURES: Final[dict[str, str]] = {}


def card_markdown(document: str, pictures: Mapping[str, str] = _NO_PICTURES) -> str:
    """Return a document as cards take it, which `pieces` can cut into what each of them holds.

    Code stays as it is; `pictures` are image keys by URL.
    """

    def change(text: str) -> str:
        return inline(text, mention="<at id={}></at>", pictures=pictures)

    return "".join(_changed(block, change) for block in blocks(writable(document)))


def posts(document: str) -> list[dict[str, Any]]:
    """Return the contents of the posts that say it: headings are bold, tables are code."""

    def change(text: str) -> str:
        bold = _HEADING.sub(_bold, text)
        return inline(bold, mention='<at user_id="{}"></at>', pictures=_NO_PICTURES)

    shown = "".join(_changed(_as_code(block), change) for block in blocks(writable(document)))
    return [
        {"zh_cn": {"content": [[{"tag": "md", "text": piece.text}]]}} for piece in pieces(shown)
    ]


def _as_code(block: Block) -> Block:
    if block.kind != "table":
        return block
    return Block("code", [aligned(block.lines)])


def _bold(heading: re.Match[str]) -> str:
    said = heading[2].rstrip()
    bare = said.rstrip("#")
    said = bare.rstrip() if bare.endswith((" ", "\t")) else said
    return f"{heading[1]}**{said}**" if said.strip("*") else heading[1]


def _changed(block: Block, change: Callable[[str], str]) -> str:
    if block.kind == "code":
        return block.text
    text = outside_code(_TASK.sub(_box, block.text), formulas)
    return outside_code(text, change)


def _box(found: re.Match[str]) -> str:
    return f"{found[1]}{'☐' if found[2] == ' ' else '☑'} "
