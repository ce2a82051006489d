"""Who handles which kind of event: the bot itself, unless the team has declared somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.feishu.events import (
    BOT_ADDED,
    CARD_PRESSED,
    CHAT_ENTERED,
    MENU_CHOSEN,
    MESSAGE_RECALLED,
    MESSAGE_RECEIVED,
    V1_MESSAGE_RECEIVED,
)
from shared.model.internal import SCHEDULED, SEND
from workers.handlers.action import ActionHandler
from workers.handlers.by_type import ByType
from workers.handlers.greeting import Greeting
from workers.handlers.introduction import Introduction
from workers.handlers.noticing import NOTICED, Noticing
from workers.handlers.schedule import ScheduleHandler
from workers.handlers.sending import SendHandler
from workers.handlers.team import DeclaredHandler

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.store.greetings import Greetings
    from workers.handlers.handler import Handler
    from workers.handlers.registry import Registry


def by_type(
    registry: Registry,
    feishu: Feishu,
    greetings: Greetings,
    *,
    messages: Handler,
    presses: Handler,
    recalls: Handler,
    menu: Handler,
) -> ByType:
    """Return the handler of all mail.

    What the team declares for an event stands in for the bot's own, but for recalls: an answer
    that is taken back is stopped in any case.
    """
    actions = {
        name: DeclaredHandler(declared, feishu) for name, declared in registry.card_actions.items()
    }
    handlers: dict[str, Handler] = {
        MESSAGE_RECEIVED: messages,
        V1_MESSAGE_RECEIVED: messages,
        CARD_PRESSED: ActionHandler(presses, actions),
        MESSAGE_RECALLED: recalls,
        BOT_ADDED: Introduction(feishu),
        CHAT_ENTERED: Greeting(feishu, greetings),
        SEND: SendHandler(feishu),
        SCHEDULED: ScheduleHandler(registry.schedules, feishu),
        **dict.fromkeys(NOTICED, Noticing()),
        MENU_CHOSEN: menu,
    }
    for event_type, declared in registry.events.items():
        first = recalls if event_type == MESSAGE_RECALLED else None
        handlers[event_type] = DeclaredHandler(declared, feishu, first=first)
    return ByType(handlers)
