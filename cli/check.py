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
from shared.feishu.tokens import TenantTokens
from shared.settings import FlowerSettings, IngressSettings, Redis, WorkerSettings, read
from shared.store import connection as redis

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
        "model": _model,
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


async def _redis(settings: WorkerSettings) -> str:
    async with redis.connected(settings.redis.url.get_secret_value(), timeout=5.0) as store:
        await store.require_supported()
        return await store.describe()


async def _token(settings: WorkerSettings) -> str:
    async with http.connected(settings.feishu.domain) as transport:
        await TenantTokens(transport, settings.feishu).current()
    return f"given for {settings.feishu.app_id}"


async def _endpoint(settings: WorkerSettings) -> str:
    async with http.connected(settings.feishu.domain) as transport:
        found = await endpoint.discover(transport, settings.feishu)
    return f"found, pinging every {found.config.ping_interval:.0f} s"


async def _model(settings: WorkerSettings) -> str:
    from workers.responders import llm  # noqa: PLC0415 - takes two seconds

    async with llm.connected(settings.model) as model:
        await model.answer("Say OK.", [], lambda _: None)
    return f"{settings.model.name} answers"
