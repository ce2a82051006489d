"""The tags that the platform's texts know: what they become, and that all others stay text."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from simulator.rendering.emoji import EMOJI
from simulator.rendering.sanitised import COLOURS

TAG: Final = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z_]+)(?P<rest>[^<>]*?)/?>")
ATTRIBUTE: Final = re.compile(r"""([A-Za-z_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
ADDRESS: Final = re.compile(r"https?://[^\s<>\"'，。！？；）]+[^\s<>\"'，。！？；）.,:;!?)]")
UNDERSCORED: Final = re.compile(r"(</?text_tag\b[^<>]*>)")
SHORT_CODE: Final = re.compile(r":([A-Za-z]+):")
PLAIN: Final = frozenset({"b", "i", "u", "s", "strong", "em", "del", "br"})
IDS: Final = ("user_id", "id", "open_id", "ids", "email")


def tag_html(source: str) -> str:
    """Return the HTML of one tag as written, or its source made harmless if it is not known."""
    found = TAG.fullmatch(source.strip())
    if found is None:
        return escape(source)
    name = found["name"].lower()
    if name in PLAIN:
        return f"<{found['end']}{name}>"
    given = _attributes(found["rest"])
    if name in ("at", "person"):
        return "</span>" if found["end"] else _at(given)
    if name in ("font", "text_tag"):
        return "</span>" if found["end"] else _coloured(given.get("color", ""), name)
    if name in ("a", "link"):
        href = given.get("href") or given.get("url", "")
        return "</a>" if found["end"] else f'<a href="{escape(href)}">'
    return escape(source)


def marked_html(text: str) -> str:
    """Return words of markdown as HTML; a tag with `_` is no HTML to markdown, but is one here."""
    parts = UNDERSCORED.split(text)
    return "".join(tag_html(part) if at % 2 else words_html(part) for at, part in enumerate(parts))


def words_html(text: str) -> str:
    """Return plain words as HTML: addresses become links, `:DONE:` its emoji."""
    parts: list[str] = []
    done = 0
    for found in ADDRESS.finditer(text):
        address = escape(found[0])
        parts += (_emoji(text[done : found.start()]), f'<a href="{address}">{address}</a>')
        done = found.end()
    return "".join((*parts, _emoji(text[done:])))


def _emoji(text: str) -> str:
    return SHORT_CODE.sub(lambda found: EMOJI.get(found[1], found[0]), escape(text))


def _at(given: dict[str, str]) -> str:
    # The page knows the people, and puts the name in where the tag itself gives none.
    identity = next((given[key] for key in IDS if given.get(key)), "")
    return f'<span class="at" data-id="{escape(identity)}">'


def _coloured(colour: str, name: str) -> str:
    ink = f"ink-{colour}" if colour in COLOURS else ""
    pill = "pill" if name == "text_tag" else ""
    return f'<span class="{pill} {ink}">'


def _attributes(rest: str) -> dict[str, str]:
    return {
        name.lower(): double or single or bare
        for name, double, single, bare in ATTRIBUTE.findall(rest)
    }
