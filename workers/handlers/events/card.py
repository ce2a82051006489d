"""Cards that somebody used: `card.action.trigger` (feishu-cards/card-callback-communication)."""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field, model_validator

from workers.handlers.events.event import Event
from workers.handlers.events.fields import Ids

_RENAMED: Final = {"form_value": "form", "input_value": "input"}


class CardAction(Event):
    """What `operator` did to a component of a card.

    `value` is what the component was given to send, `form` the values of the form around it by
    their names. `option` or `options` were chosen, `input` was typed, `checked` was ticked.
    """

    operator: Ids = Field(default_factory=Ids)
    tag: str | None = None
    name: str | None = None
    value: dict[str, Any] = Field(default_factory=dict)
    form: dict[str, Any] = Field(default_factory=dict)
    option: str | None = None
    options: list[str] | None = None
    input: str | None = None
    checked: bool | None = None
    timezone: str | None = None
    message_id: str | None = None
    chat_id: str | None = None
    token: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, body: Any) -> Any:
        """Put what was done, and where, beside who did it."""
        if not isinstance(body, dict):
            return body
        action, context = (
            found if isinstance(found := body.get(name), dict) else {}
            for name in ("action", "context")
        )
        done = {_RENAMED.get(name, name): value for name, value in action.items()}
        place = {
            "message_id": context.get("open_message_id"),
            "chat_id": context.get("open_chat_id"),
        }
        return {**body, **done, **place}

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be declared under: `value["action"]`, then the name of its component."""
        given: object = self.value  # or whatever came
        action = given.get("action") if isinstance(given, dict) else None
        return tuple(each for each in (action, self.name) if isinstance(each, str))
