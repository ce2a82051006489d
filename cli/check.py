"""`larkspur check`: are the settings right, and does every door open?"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import click
from pydantic import SecretStr

from shared.errors import EX_CONFIG, LarkspurError
from shared.feishu import endpoint
from shared.feishu import transport as http
from shared.feishu.tokens import fetch
from shared.model.prompt import Prompt
from shared.settings import FlowerSettings, IngressSettings, Redis, WorkerSettings, read
from shared.store import connection as redis
from shared.store.format import require_format
from shared.store.keys import Keys
from workers.policy.rules_file import RulesFile

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from shared.settings import Group, Settings


@click.command()
def command() -> None:
    """Print the settings, secrets hidden, then try Redis, Feishu and the model.

    Exits 78 when a setting is wrong or a door stays shut.
    """
    settings = read(WorkerSettings)
    ingress, flower = read(IngressSettings), read(FlowerSettings).flower
    _print(settings, ingress.ingress, ingress.webhook, flower)
    if not asyncio.run(_try_doors(settings)):
        sys.exit(EX_CONFIG)


def _print(settings: Settings, *more: Group) -> None:
    groups: list[Group] = [getattr(settings, name) for name in type(settings).model_fields]
    for group in (*groups, *more):
        for name, field in zip(group.names(), type(group).model_fields, strict=True):
            print(f"{name}={_shown(group, getattr(group, field))}")


def _shown(group: Group, value: object) -> object:
    if isinstance(group, Redis):
        return group.address
    if isinstance(value, SecretStr):
        return "***"
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else value


async def _try_doors(settings: WorkerSettings) -> bool:
    doors: dict[str, Callable[[WorkerSettings], Awaitable[str]]] = {
        "Redis": _redis,
        "Feishu token": _token,
        "Feishu endpoint": _endpoint,
        "rules": _rules,
        "model": _model,
        "handlers": _handlers,
    }
    opened = True
    for name, door in doors.items():
        try:
            async with asyncio.timeout(30):
                said = await door(settings)
        except (LarkspurError, TimeoutError) as error:
            opened = False
            print(f"FAILED  {name}: {str(error) or 'no answer within 30 s'}")
        else:
            print(f"ok      {name}: {said}")
    return opened


async def _handlers(settings: WorkerSettings) -> str:
    from workers.handlers.loading import load  # noqa: PLC0415 - nothing else here needs it

    return f"{len(load(settings.handlers.modules))} declared"


async def _redis(settings: WorkerSettings) -> str:
    async with redis.connected(settings.redis.url.get_secret_value(), timeout=5.0) as store:
        await store.require_supported()
        await require_format(store, Keys(settings.feishu.app_id))
        return await store.describe()


async def _token(settings: WorkerSettings) -> str:
    async with http.connected(settings.feishu.domain) as transport:
        await fetch(transport, settings.feishu)
    return f"given for {settings.feishu.app_id}"


async def _endpoint(settings: WorkerSettings) -> str:
    async with http.connected(settings.feishu.domain) as transport:
        found = await endpoint.discover(transport, settings.feishu)
    return f"found, pinging every {found.config.ping_interval:.0f} s"


async def _rules(settings: WorkerSettings) -> str:
    path = settings.policy.rules
    await RulesFile.opened(path)
    return f"{path} is right" if path else "none: everybody is answered"


async def _model(settings: WorkerSettings) -> str:
    from workers.responders import chosen  # noqa: PLC0415 - an agent takes two seconds
    from workers.responders.responder import Query  # noqa: PLC0415 - with it

    async with chosen.connected(settings) as model:
        await model.answer(Query(Prompt("Say OK.")), lambda _: None)
    return f"{settings.model.name} answers"
