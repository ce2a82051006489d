"""`cardkit/v1/cards/:card_id/elements`: the parts of a card (cardkit-v1/card-element)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.cardkit.entities import CARD
from simulator.cardkit.fields import LONGEST_TEXT, json_text, optional_text, text
from simulator.cardkit.operations import (
    add_elements,
    delete_element,
    patch_element,
    replace_element,
    write_text,
)

if TYPE_CHECKING:
    from simulator.cardkit.changes import Changes
    from simulator.world.card_json import CardJson

ELEMENTS: Final = CARD + "/elements"
ELEMENT: Final = ELEMENTS + "/{element_id}"
LONGEST_ID: Final = 64


class Elements:
    """Added, replaced, patched, deleted; and texts, which are typed."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(ELEMENTS, self.add),
            web.put(ELEMENT, self.replace),
            web.patch(ELEMENT, self.patch),
            web.delete(ELEMENT, self.delete),
            web.put(ELEMENT + "/content", self.write),
        ]

    async def add(self, request: web.Request) -> web.Response:
        return await self._changes.make(request, _add)

    async def replace(self, request: web.Request) -> web.Response:
        def change(card: CardJson, asked: dict[str, Any]) -> bool:
            replace_element(card, element_id, json_text(asked, "element"))
            return False

        element_id = request.match_info["element_id"]
        return await self._changes.make(request, change)

    async def patch(self, request: web.Request) -> web.Response:
        def change(card: CardJson, asked: dict[str, Any]) -> bool:
            patch_element(card, element_id, json_text(asked, "partial_element"))
            return False

        element_id = request.match_info["element_id"]
        return await self._changes.make(request, change)

    async def delete(self, request: web.Request) -> web.Response:
        def change(card: CardJson, _: dict[str, Any]) -> bool:
            delete_element(card, element_id)
            return False

        element_id = request.match_info["element_id"]
        return await self._changes.make(request, change)

    async def write(self, request: web.Request) -> web.Response:
        """Set a text as a whole. If it begins with the old one, clients type out the rest."""

        def change(card: CardJson, asked: dict[str, Any]) -> bool:
            write_text(card, element_id, text(asked, "content", LONGEST_TEXT))
            return False

        element_id = request.match_info["element_id"]
        return await self._changes.make(request, change, types=True)


def _add(card: CardJson, asked: dict[str, Any]) -> bool:
    target = optional_text(asked, "target_element_id", LONGEST_ID)
    add_elements(card, asked.get("type"), target, json_text(asked, "elements"))
    return False
