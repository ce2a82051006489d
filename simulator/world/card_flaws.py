"""What is wrong with a card's JSON, whoever asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from simulator.world.card_json import (
    DEEPEST,
    depth,
    elements,
    is_schema_2,
    is_writable,
    objects,
)
from simulator.world.card_tables import MOST as MOST_TABLES
from simulator.world.card_tables import tables

if TYPE_CHECKING:
    from simulator.world.card_json import CardJson

MOST_ELEMENTS: Final = 200
ELEMENT_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,19}")
ONLY_1: Final = frozenset({"action", "note"})
"""Components of JSON 1.0 that 2.0 gave up (card-json-v2-breaking-changes-release-notes)."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """`code` is cardkit's, None where it says 230099 too; `inline` is what stands inside that."""

    code: int | None
    inline: int
    why: str
    value: str = ""


def find_flaw(card: CardJson) -> Flaw | None:
    """Return the first thing wrong with a card of either generation, its size aside."""
    return _shape_flaw(card) or (element_flaw(card) if is_schema_2(card) else _table_flaw(card))


def element_flaw(card: CardJson) -> Flaw | None:
    """Return the first thing wrong with the elements of a card of JSON 2.0."""
    if sum(1 for _ in elements(card)) > MOST_ELEMENTS:
        return Flaw(300305, 11310, "element exceeds the limit")
    for element in elements(card):
        if element["tag"] in ONLY_1:
            why = "cards of schema V2 no longer support this capability"
            return Flaw(200220, 200861, why, f"unsupported tag {element['tag']}")
    return _name_flaw(card) or _table_flaw(card)


def _shape_flaw(card: CardJson) -> Flaw | None:
    why = _misshapen(card)
    if why is None:
        return None
    return Flaw(
        200220, 200621, "parse card json err, please check whether the card json is correct", why
    )


def _misshapen(card: CardJson) -> str | None:
    if depth(card) > DEEPEST:
        return "too deep"
    if not is_writable(card):
        return "not fit for UTF-8"
    config = card.get("config", {})
    if not isinstance(config, dict):
        return "config is not an object"
    if not isinstance(config.get("streaming_mode", False), bool):
        return "streaming_mode is not a bool"
    if any(not isinstance(element["tag"], str) for element in elements(card)):
        return "tag is not a string"
    if is_schema_2(card):
        return _bodiless(card.get("body"))
    known = ("elements", "i18n_elements", "header", "card_link")
    return None if any(key in card for key in known) else "elements is missing"


def _bodiless(body: Any) -> str | None:
    if not isinstance(body, dict):
        return "body is nil"
    held = body.get("elements", [])
    if not isinstance(held, list) or not all(isinstance(e, dict) and "tag" in e for e in held):
        return "body.elements is not a list of elements"
    return None


def _name_flaw(card: CardJson) -> Flaw | None:
    seen: set[str] = set()
    for name in (node["element_id"] for node in objects(card) if "element_id" in node):
        if not isinstance(name, str) or not ELEMENT_ID.fullmatch(name):
            return Flaw(200220, 200621, "element_id is not a letter and at most 19 more", str(name))
        if name in seen:
            return Flaw(300301, 300301, "Duplicate element_id in card component.", name)
        seen.add(name)
    return None


def _table_flaw(card: CardJson) -> Flaw | None:
    if tables(card) <= MOST_TABLES:
        return None
    return Flaw(None, 11310, "card table number over limit", "table")
