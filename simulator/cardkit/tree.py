"""Where in a card an element is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.world.card_json import CardJson


@dataclass(frozen=True, slots=True)
class Spot:
    """`holder[key]` is the element: the holder is a list of elements, or the element above."""

    holder: Any
    key: Any

    @property
    def element(self) -> CardJson:
        found: CardJson = self.holder[self.key]
        return found

    def replace(self, element: CardJson) -> None:
        self.holder[self.key] = element


def find(card: CardJson, element_id: str) -> Spot | None:
    """Return where the element of that id is, None if there is none."""
    stack: list[Any] = [card]
    while stack:
        for spot in _spots(stack.pop()):
            child = spot.holder[spot.key]
            if isinstance(child, dict) and child.get("element_id") == element_id:
                return spot
            stack.append(child)
    return None


def body_elements(card: CardJson) -> list[CardJson]:
    """Return the list of the outermost elements, made if the card lacks it."""
    elements: list[CardJson] = card["body"].setdefault("elements", [])
    return elements


def _spots(node: Any) -> Iterator[Spot]:
    if isinstance(node, dict):
        yield from (Spot(node, key) for key in node)
    elif isinstance(node, list):
        yield from (Spot(node, index) for index in range(len(node)))
