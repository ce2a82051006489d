"""The only way HTML leaves this room: through nh3, with a list of what may stay."""

from __future__ import annotations

import re
from typing import Final

import nh3

COLOURS: Final = (
    *("neutral", "grey", "red", "orange", "yellow", "green", "turquoise", "wathet", "blue"),
    *("indigo", "purple", "violet", "carmine", "lime"),
)
"""What `<font color>` and `<text_tag color>` may name (feishu-cards/card-components/
content-components/rich-text). Any other colour leaves the text as it is."""
TAGS: Final = {
    *("p", "br", "hr", "strong", "em", "b", "i", "u", "s", "del", "a", "code", "pre", "span"),
    *("ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "img"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
CLASSES: Final = {
    "span": {"at", "pill", "emoji", *(f"ink-{colour}" for colour in COLOURS)},
    "img": {"picture"},
}
ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "img": {"src", "alt"},
    "span": {"data-id"},
    "ol": {"start"},
    "code": {"data-language"},
}
OWN_FILE: Final = re.compile(r"/_sim/files/[A-Za-z0-9_-]+")


def sanitised(html: str) -> str:
    """Return `html` with nothing in it that runs, loads or escapes; links open elsewhere."""
    return _CLEANER.clean(html)


def _own_images_only(tag: str, attribute: str, value: str) -> str | None:
    # A picture from elsewhere would tell its host who is looking; the page's policy agrees.
    if tag == "img" and attribute == "src" and not OWN_FILE.fullmatch(value):
        return None
    return value


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    attribute_filter=_own_images_only,
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes={"http", "https", "mailto", "lark", "feishu"},
    link_rel="noopener noreferrer nofollow",
)
