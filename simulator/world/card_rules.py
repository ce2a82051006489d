"""What a card may be: as an entity of cardkit, and inside a message (facts 3, 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from simulator.world.card_flaws import find_flaw
from simulator.world.card_json import config, is_schema_2, is_shared, size
from simulator.world.card_refusals import refused, unfit

if TYPE_CHECKING:
    from simulator.world.card_json import CardJson

LARGEST: Final = 30 * 1024
"""Bytes of a card, written compactly."""


def read_entity(text: str) -> CardJson:
    """Read the `data` of a card entity.

    Raises:
        ApiError: 300307 it is empty, 200220 it is no card, or whatever `check_entity` says.
    """
    try:
        card = orjson.loads(text or "null")
    except orjson.JSONDecodeError as error:
        raise refused(200220, f"the card is not JSON: {error}") from None
    if card is None or card == {}:
        raise refused(300307)
    if not isinstance(card, dict):
        raise refused(200220, "the card is not a JSON object")
    check_entity(card)
    return card


def check_entity(card: CardJson) -> None:
    """Let pass what cardkit keeps.

    Raises:
        ApiError: 300303, 200220, 300301, 300305, 230099 for its tables, 300302 or 200860.
    """
    if not is_schema_2(card):
        raise refused(300303)
    if flaw := find_flaw(card):
        raise (
            unfit(flaw.inline, flaw.why, flaw.value)
            if flaw.code is None
            else refused(flaw.code, f"{flaw.why} {flaw.value}".rstrip())
        )
    if config(card).get("update_multi") is False:
        raise refused(300302)
    if size(card) > LARGEST:
        raise refused(200860)


def check_inline(card: CardJson) -> None:
    """Let pass what a message may hold.

    Raises:
        ApiError: 230099 with the real code in its text.
    """
    if flaw := find_flaw(card):
        raise unfit(flaw.inline, flaw.why, flaw.value)
    if size(card) > LARGEST:
        raise refused(230025)


def check_succession(old: CardJson, new: CardJson) -> None:
    """Let pass what may follow on a card, by whatever way.

    Raises:
        ApiError: 230099.
    """
    check_inline(new)
    if is_schema_2(old) and not is_schema_2(new):
        raise unfit(200830, "not support update card schema from v2 to v1")


def check_replacement(old: CardJson, new: CardJson) -> None:
    """Let pass what a message may be patched to.

    Raises:
        ApiError: 230099, or 230001 if either is not shared (`update_multi`).
    """
    check_succession(old, new)
    if not (is_shared(old) and is_shared(new)):
        raise refused(230001, "update_multi must be true before and after")


def referenced(content: dict[str, Any]) -> str | None:
    """Return the card entity a message's content names, None if it holds a card itself.

    Raises:
        ApiError: 230099 if the content names a template, or a card in a way nobody understands.
    """
    kind, data = content.get("type"), content.get("data")
    if kind is None:
        return None
    if kind == "template":
        raise unfit(
            200380,
            "template does not exist, please confirm whether this template has been released",
        )
    card_id = data.get("card_id") if isinstance(data, dict) else None
    if kind != "card" or not isinstance(card_id, str):
        raise unfit(200621, "parse card json err, please check whether the card json is correct")
    return card_id
