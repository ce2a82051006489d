"""The bot's own menu (client-docs/bot-v3/events/menu)."""

from __future__ import annotations

from pydantic import Field

from workers.handlers.events.event import Event
from workers.handlers.events.fields import Ids, Shape


class MenuOperator(Shape):
    operator_id: Ids = Field(default_factory=Ids)
    operator_name: str | None = None


class MenuChosen(Event):
    """`application.bot.menu_v6`: somebody chose the item that has this `event_key`."""

    event_key: str | None = None
    operator: MenuOperator = Field(default_factory=MenuOperator)

    @property
    def user(self) -> Ids:
        operator: object = self.operator  # or whatever came
        return operator.operator_id if isinstance(operator, MenuOperator) else Ids()
