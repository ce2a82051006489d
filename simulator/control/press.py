"""`/_sim/press`: a user uses a card, and sees what the app makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from simulator.control.callback import ClientError, answer_of, shown, toast_of, update_card
from simulator.control.refusals import not_found, refuse, text_field
from simulator.events.cards import ACTION_KEYS, press_event
from simulator.ids import MessageId
from simulator.wire import json_object, json_response

if TYPE_CHECKING:
    from simulator.gateway.flight import Outcome
    from simulator.gateway.push import Push
    from simulator.world.messages import Message
    from simulator.world.world import World


class Press:
    """Buttons, selects, inputs, forms, checkers: one callback each, answered at once or never."""

    def __init__(self, world: World, push: Push) -> None:
        self._world = world
        self._push = push

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/_sim/press", self.press)]

    async def press(self, request: web.Request) -> web.Response:
        """Push the callback and wait for its answer, at most as long as the platform does."""
        asked = await json_object(request)
        user = self._world.user(text_field(asked, "user", "alice"))
        if user is None:
            not_found(f"there is no user {asked.get('user')!r}")
        message = self._pressed(text_field(asked, "message_id"))
        token = self._world.callback_tokens.issue(message.message_id)
        event = press_event(
            self._world.app, user, message.message_id, message.chat_id, _action(asked), token
        )
        outcome = await self._push.ask(event)
        body = self._show(message, token, outcome)
        return json_response({**body, "event_id": event.event_id})

    def _show(self, message: Message, token: str, outcome: Outcome) -> dict[str, object]:
        try:
            answer = answer_of(outcome)
            # The token is good and the card unlocked from here on (facts 2.4).
            self._world.callback_tokens.answered(token)
            toast = toast_of(answer)
            update_card(self._world, message, answer)
        except ClientError as error:
            return shown(message, None, error)
        return shown(message, toast)

    def _pressed(self, message_id: str) -> Message:
        message = self._world.messages.get(MessageId(message_id))
        if message is None or message.deleted:
            not_found("there is no such message")
        if message.card is None:
            refuse("the message shows no card")
        return message


def _action(asked: dict[str, Any]) -> dict[str, object]:
    action = asked.get("action", {})
    if not isinstance(action, dict):
        refuse("action must be an object")
    unknown = set(action) - {"tag", *ACTION_KEYS}
    if unknown:
        refuse(f"an action has no {', '.join(sorted(unknown))}")
    return {"tag": text_field(action, "tag", "button"), **_without_tag(action)}


def _without_tag(action: dict[str, Any]) -> dict[str, object]:
    return {key: action[key] for key in ACTION_KEYS if action.get(key) is not None}
