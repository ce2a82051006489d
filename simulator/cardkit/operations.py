"""What can be done to a card's JSON; each changes it in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulator.cardkit.tree import body_elements, find
from simulator.world.card_refusals import refused

if TYPE_CHECKING:
    from simulator.world.card_json import CardJson

PLACES: Final = ("insert_before", "insert_after", "append")
TEXTS: Final = ("plain_text", "markdown")
CONTAINERS: Final = ("form", "interactive_container", "collapsible_panel", "column")
SETTINGS: Final = ("config", "card_link")


def write_text(card: CardJson, element_id: str, content: str) -> None:
    """Set the words of a text element.

    Raises:
        ApiError: 300313 there is no such element, 300310 it is no text.
    """
    spot = find(card, element_id)
    if spot is None:
        raise refused(300313, f"no element {element_id}")
    if spot.element.get("tag") not in TEXTS:
        raise refused(300310)
    spot.element["content"] = content


def merge_settings(card: CardJson, settings: Any) -> bool:
    """Overwrite the given settings, and tell whether streaming was switched on by them.

    Raises:
        ApiError: 300122 they are no settings, 300302 `update_multi` is to be off.
    """
    if not isinstance(settings, dict) or not any(name in settings for name in SETTINGS):
        raise refused(300122, "settings have neither config nor card_link")
    if not all(isinstance(settings.get(name, {}), dict) for name in SETTINGS):
        raise refused(300122, "config and card_link must be objects")
    config = settings.get("config", {})
    if not isinstance(config.get("streaming_mode", False), bool):
        raise refused(300122, "streaming_mode must be a bool")
    card["config"] = {**card.get("config", {}), **config}
    if "card_link" in settings:
        card["card_link"] = settings["card_link"]
    return config.get("streaming_mode") is True


def add_elements(card: CardJson, place: Any, target: Any, elements: Any) -> None:
    """Add elements before or after an element, or at the end of a container or of the body.

    Raises:
        ApiError: 10002 there is no such place, 300315 no such target, or nothing to add.
    """
    if place not in PLACES:
        raise refused(10002, f"type must be one of {', '.join(PLACES)}")
    if not isinstance(elements, list) or not all(is_element(each) for each in elements):
        raise refused(300315, "elements must be a list of elements")
    siblings, index = _destination(card, place, target)
    siblings[index:index] = elements


def replace_element(card: CardJson, element_id: str, element: Any) -> None:
    """Put another element in an element's place.

    Raises:
        ApiError: 300121 there is no such element, or the other is none.
    """
    spot = find(card, element_id)
    if spot is None or not is_element(element):
        raise refused(300121, f"no element {element_id}" if spot is None else "no element given")
    spot.replace(element)


def patch_element(card: CardJson, element_id: str, partial: Any) -> None:
    """Overwrite the given properties of an element.

    Raises:
        ApiError: 300313 there is no such element or nothing given, 300312 for its tag.
    """
    spot = find(card, element_id)
    if spot is None or not isinstance(partial, dict):
        raise refused(300313, f"no element {element_id}" if spot is None else "not an object")
    if partial.get("tag", spot.element.get("tag")) != spot.element.get("tag"):
        raise refused(300312)
    spot.element.update(partial)


def delete_element(card: CardJson, element_id: Any) -> None:
    """Take an element out of the list it stands in.

    Raises:
        ApiError: 300314 no list has it.
    """
    spot = find(card, element_id) if isinstance(element_id, str) else None
    if spot is None or not isinstance(spot.holder, list):
        raise refused(300314, f"no element {element_id}")
    del spot.holder[spot.key]


def is_element(given: Any) -> bool:
    return isinstance(given, dict) and isinstance(given.get("tag"), str)


def _destination(card: CardJson, place: str, target: Any) -> tuple[list[CardJson], int]:
    if target in (None, ""):
        elements = body_elements(card)
        return elements, len(elements)
    spot = find(card, target) if isinstance(target, str) else None
    if spot is None:
        raise refused(300315, f"no element {target}")
    if place == "append":
        return _inside(spot.element)
    if not isinstance(spot.holder, list):
        raise refused(300315, f"{target} does not stand in a list")
    return spot.holder, spot.key + (place == "insert_after")


def _inside(container: CardJson) -> tuple[list[CardJson], int]:
    if container.get("tag") not in CONTAINERS:
        raise refused(300315, "the target is not a container")
    held = container.setdefault("elements", [])
    if not isinstance(held, list):
        raise refused(300315, "the target holds no list of elements")
    return held, len(held)
