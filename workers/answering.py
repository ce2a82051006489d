"""What answers are made of: Feishu, the forms of replies, who writes them, the handlers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.feishu import transport as http
from shared.feishu.public_web import public_web
from shared.open_api import open_api
from shared.store.mailbox import Mailboxes
from shared.store.records import records
from shared.telemetry.calls import Calls
from workers.handlers.again import Again
from workers.handlers.chosen import by_type
from workers.handlers.commands.built_in import built_in
from workers.handlers.errands import Errands
from workers.handlers.hearing import Hearing
from workers.handlers.languages import Languages
from workers.handlers.leave import Leave
from workers.handlers.loading import load
from workers.handlers.memory import Memory
from workers.handlers.menu import MenuHandler
from workers.handlers.message import MessageHandler
from workers.handlers.mind import Mind
from workers.handlers.press import PressHandler
from workers.handlers.reading import Reader
from workers.handlers.recall import RecallHandler
from workers.handlers.team_errands import commands_of, listener_of
from workers.interruptions import Interruptions
from workers.metrics import feedback, watch_quota
from workers.policy.policy import Policy
from workers.replies.chosen import Replies
from workers.replies.pictures import Pictures
from workers.responders import chosen as responders
from workers.responders.timed import Timed
from workers.when_busy import WhenBusy

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from prometheus_client import CollectorRegistry

    from shared.feishu.client import Feishu
    from shared.settings import WorkerSettings
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.records import Records
    from shared.telemetry.turns import TurnMetrics
    from workers.handlers.handler import Handler
    from workers.responders.responder import Responder


@dataclass(frozen=True, slots=True)
class Answering:
    """The handler of all mail, and what else needs to know of answers under way."""

    feishu: Feishu
    replies: Replies
    when_busy: WhenBusy
    hearing: Hearing
    languages: Languages
    policy: Policy
    interruptions: Interruptions
    handler: Handler


@dataclass(frozen=True, slots=True)
class _Opened:
    """What answers are made with."""

    feishu: Feishu
    responder: Responder
    replies: Replies
    policy: Policy
    records: Records
    again: Again


async def answering(
    stack: AsyncExitStack,
    settings: WorkerSettings,
    store: Store,
    keys: Keys,
    registry: CollectorRegistry,
    metrics: TurnMetrics,
) -> Answering:
    """Open what answers need; `stack` closes it.

    Raises:
        ConfigurationError: the settings, or what the team has declared, cannot be had.
    """
    team = load(settings.handlers.modules)
    opened = await _opened(stack, settings, store, keys, registry)
    feishu, policy, kept = opened.feishu, opened.policy, opened.records
    commands = built_in(kept, policy, opened.again)
    commands |= commands_of(team, feishu)  # in place: /help knows of them too
    hearing = Hearing(
        policy.wants, policy.heeds, Errands(commands, listener_of(team, feishu), policy)
    )
    when_busy = WhenBusy(settings.worker.when_busy, settings.worker.when_busy_in)
    languages = Languages(kept.history, settings.history, settings.language)
    interruptions = Interruptions(kept.notices)
    mind = _mind(opened, settings, hearing, interruptions, when_busy, metrics)
    messages = MessageHandler(
        feishu, opened.replies, hearing, policy, mind, kept.notices, when_busy, languages
    )
    handler = by_type(
        team,
        feishu,
        kept.greetings,
        messages=messages,
        presses=PressHandler(kept, opened.again, policy, feedback(registry)),
        recalls=RecallHandler(kept.notices),
        menu=MenuHandler(feishu, opened.again, commands),
    )
    return Answering(
        feishu, opened.replies, when_busy, hearing, languages, policy, interruptions, handler
    )


async def _opened(
    stack: AsyncExitStack,
    settings: WorkerSettings,
    store: Store,
    keys: Keys,
    registry: CollectorRegistry,
) -> _Opened:
    transport = await stack.enter_async_context(http.connected(settings.feishu.domain))
    responder = await stack.enter_async_context(responders.connected(settings))
    web = await stack.enter_async_context(public_web())
    kept = records(store, keys, exchanges=settings.history.exchanges, models=settings.model.models)
    calls = Calls(registry)
    feishu = open_api(transport, store, keys, settings.feishu, settings.limits, calls)
    watch_quota(registry, feishu.quota)
    pictures = Pictures(feishu, web, kept.pictures, wanted=settings.reply.pictures)
    return _Opened(
        feishu,
        Timed(responder, responders.names(settings.model), registry),
        Replies(feishu, pictures, settings.reply),
        await Policy.opened(settings, store, keys, feishu, registry),
        kept,
        Again(feishu, Mailboxes(store.line(), keys)),
    )


def _mind(
    opened: _Opened,
    settings: WorkerSettings,
    hearing: Hearing,
    interruptions: Interruptions,
    when_busy: WhenBusy,
    metrics: TurnMetrics,
) -> Mind:
    feishu, policy, kept = opened.feishu, opened.policy, opened.records
    patience = settings.model.approval_seconds
    return Mind(
        feishu,
        opened.responder,
        Reader(feishu, sees=settings.model.sees),
        Memory(kept.history, settings.history, opened.responder, policy.count),
        kept.choices,
        policy,
        hearing,
        interruptions,
        when_busy,
        Leave(feishu, kept.decisions, kept.notices, hearing, patience),
        metrics,
    )
