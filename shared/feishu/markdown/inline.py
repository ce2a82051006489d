"""What stands inside a line: mentions, pictures, formulas and HTML, as Feishu takes them.

https://open.feishu.cn/document/feishu-cards/card-json-v2-components/content-components/rich-text
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from shared.feishu.markdown.blocks import blocks
from shared.feishu.markdown.spans import outside_code

if TYPE_CHECKING:
    from collections.abc import Mapping

_MENTION: Final = re.compile(
    r"""<at\ (?:user_)?id\ ?=\ ?["']?(?P<tag>ou_\w{1,64}|all)["']?\ ?/?>(?:[^<>\n]{0,64}</at>)?"""
    r"""|(?<![\w@])@(?P<bare>ou_[0-9a-f]{32})\b""",
    re.VERBOSE,
)
_PICTURE: Final = re.compile(
    r"!\[([^\[\]\n]{0,500})\]\(\s?<?(https?://[^\s<>()]{1,2000})>?[^()\n]{0,200}\)"
)
_AUTOLINK: Final = re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,2000})>")
_TAG: Final = re.compile(r"<(?=[A-Za-z/!?])(?!at id=)")
_FORMULA: Final = re.compile(
    r"\\\((?P<round>[^\n]{1,500}?)\\\)|\\\[(?P<square>[^\[\]]{1,2000}?)\\\]"
    r"|\$\$(?P<double>[^$]{1,2000})\$\$|(?<![\\$\w])\$(?P<single>[^\s$](?:[^$\n]{0,500}[^\s$\\])?)\$(?!\d)"
)
_EATEN: Final = re.compile(r"[\\_*^~{}]")


def picture_urls(document: str) -> list[str]:
    """Return the URLs of a document's pictures, each once, in order; those in code are none."""
    found: dict[str, None] = {}

    def look(text: str) -> str:
        found.update(dict.fromkeys(each[2] for each in _PICTURE.finditer(text)))
        return text

    for block in blocks(document):
        if block.kind != "code":
            outside_code(block.text, look)
    return list(found)


def formulas(text: str) -> str:
    """Show formulas as they are written: as code, so that none of their characters is eaten."""
    return _FORMULA.sub(_formula, text)


def inline(text: str, *, mention: str, pictures: Mapping[str, str]) -> str:
    """Return what is outside code as Feishu takes it.

    A mention becomes `mention`, in which `{}` stands for an open_id. A picture whose URL is among
    the `pictures` becomes its image key, another one a link.
    """
    text = _PICTURE.sub(lambda found: _picture(found, pictures), text)
    text = _AUTOLINK.sub(lambda found: found[1], text)
    parts, place = list[str](), 0
    for found in _MENTION.finditer(text):
        parts += [_TAG.sub("&#60;", text[place : found.start()])]
        parts += [mention.format(found["tag"] or found["bare"])]
        place = found.end()
    return "".join([*parts, _TAG.sub("&#60;", text[place:])])


def _picture(found: re.Match[str], pictures: Mapping[str, str]) -> str:
    said, url = found[1], found[2]
    if key := pictures.get(url):
        return f"![{said}]({key})"
    return f"[{said or url}]({url})"


def _formula(found: re.Match[str]) -> str:
    body = next(group for group in found.groups() if group is not None)
    if "`" in body or (found["single"] and not _EATEN.search(body)):
        return found[0]  # nothing in it would be eaten, or it is no formula: $5 and $10
    if "\n" not in body:
        return f"`{found[0]}`"
    begins_a_line = found.string[: found.start()].endswith("\n") or found.start() == 0
    return f"```\n{found[0]}\n```" if begins_a_line else found[0]
