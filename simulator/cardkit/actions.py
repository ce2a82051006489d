"""The actions of `batch_update`: all are done, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.cardkit.operations import (
    add_elements,
    delete_element,
    merge_settings,
    patch_element,
    replace_element,
)
from simulator.world.card_refusals import refused

if TYPE_CHECKING:
    from simulator.world.card_json import CardJson


def act(card: CardJson, actions: Any) -> bool:
    """Do them in order, and tell whether one of them switched streaming on.

    Raises:
        ApiError: 10002 they are no list of actions, or whatever an action says.
    """
    if not isinstance(actions, list) or not actions:
        raise refused(10002, "actions must be a list of actions")
    switched_on = False
    for action in actions:
        params = action.get("params") if isinstance(action, dict) else None
        if not isinstance(params, dict):
            raise refused(10002, "an action must have params")
        switched_on |= _act(card, action.get("action"), params)
    return switched_on


def _act(card: CardJson, action: Any, params: dict[str, Any]) -> bool:
    match action:
        case "partial_update_setting":
            return merge_settings(card, params.get("settings"))
        case "add_elements":
            target = params.get("target_element_id")
            add_elements(card, params.get("type"), target, params.get("elements"))
        case "delete_elements":
            _delete(card, params.get("element_ids"))
        case "partial_update_element":
            patch_element(card, _element_id(params), params.get("partial_element"))
        case "update_element":
            replace_element(card, _element_id(params), params.get("element"))
        case _:
            raise refused(10002, f"there is no action {action!r}")
    return False


def _delete(card: CardJson, element_ids: Any) -> None:
    if not isinstance(element_ids, list):
        raise refused(10002, "element_ids must be a list")
    for element_id in element_ids:
        delete_element(card, element_id)


def _element_id(params: dict[str, Any]) -> str:
    element_id = params.get("element_id")
    if not isinstance(element_id, str):
        raise refused(10002, "element_id must be a string")
    return element_id
