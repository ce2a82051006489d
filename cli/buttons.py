"""Finding a button on a card, and what pressing it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def pressed(card: Any, button: str) -> dict[str, Any] | None:
    """Return the action of the button with that text or name, or None if there is none."""
    buttons = (each for each in _elements(card) if each.get("tag") == "button")
    found = next((each for each in buttons if button in (_label(each), each.get("name"))), None)
    if found is None:
        return None
    named = {"name": found["name"]} if "name" in found else {}
    return {"tag": "button", **named, "value": _value(found)}


def _label(button: dict[str, Any]) -> object:
    text = button.get("text")
    return text.get("content") if isinstance(text, dict) else None


def _value(element: dict[str, Any]) -> Any:
    """Return what a button calls back with, in either generation of cards."""
    for behavior in element.get("behaviors", ()):
        if behavior.get("type") == "callback":
            return behavior.get("value", {})
    return element.get("value", {})


def _elements(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, dict | list):
            yield from _elements(child)
