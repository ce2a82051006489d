"""What an app has in Redis, as the command line asks for it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import click
from pydantic import SecretStr

from cli.plan import SIMULATED_APP
from cli.terminal import printable
from shared.errors import ConfigurationError, StoreUnavailable
from shared.model.ids import AppId
from shared.settings import App, OperatorSettings, Redis, UpSettings, read
from shared.store import connection
from shared.store.faults import refusal
from shared.store.format import require_readable
from shared.store.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from shared.store.connection import Store

T = TypeVar("T")

EX_TEMPFAIL: Final = 75
"""Exit code for a Redis that does not answer now, as in sysexits.h."""

_TIMEOUT: Final = 5.0


class Away(click.ClickException):
    """Redis does not answer, or not now."""

    exit_code = EX_TEMPFAIL


def known_id(value: str) -> str:
    """Read an id from the command line: whatever it is, it can be sent to Redis.

    Raises:
        BadParameter: it cannot.
    """
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter("is not UTF-8") from error
    if not value:
        raise click.BadParameter("is empty")
    return value


@dataclass(frozen=True, slots=True)
class Stored:
    """An app and its Redis. `hint` says how they were found, if nobody named them."""

    settings: OperatorSettings
    hint: str

    def __str__(self) -> str:
        return f"{self.settings.app.app_id} at {self.settings.redis.address}"

    @property
    def app_id(self) -> AppId:
        return self.settings.app.app_id

    def ask(self, question: Callable[[Store, Keys], Awaitable[T]]) -> T:
        """Return what `question` returns.

        Raises:
            ConfigurationError: this Redis will never do, or never let us in.
            Away: it did not answer; the command ends with 75.
        """
        try:
            return asyncio.run(self._asked(question))
        except StoreUnavailable as error:
            if reason := refusal(error):
                raise ConfigurationError(f"REDIS_URL: {printable(reason)}") from error
            silent = isinstance(error.__cause__, TimeoutError)
            said = f"no answer within {_TIMEOUT:.0f} s" if silent else printable(str(error))
            raise Away(f"REDIS_URL: {self.settings.redis.address}: {said}{self.hint}") from error

    async def _asked(self, question: Callable[[Store, Keys], Awaitable[T]]) -> T:
        url = self.settings.redis.url.get_secret_value()
        async with connection.connected(url, timeout=_TIMEOUT) as store:
            await store.require_supported()
            keys = Keys(self.app_id)
            await require_readable(store, keys)
            return await question(store, keys)


def stored() -> Stored:
    """Find the app and its Redis: as the settings name them, else where `larkspur up` has them.

    Raises:
        ConfigurationError: a setting is missing, wrong or misspelt.
    """
    up = f"redis://127.0.0.1:{read(UpSettings).up.redis_port}/0"
    named = {name for name in ("FEISHU_APP_ID", "REDIS_URL") if os.environ.get(name)}
    if not named:
        app = App(app_id=AppId(SIMULATED_APP["FEISHU_APP_ID"]))
        settings = OperatorSettings(app=app, redis=Redis(url=SecretStr(up)))
        hint = " (neither FEISHU_APP_ID nor REDIS_URL is set, so this is where `larkspur up` is)"
        return Stored(settings, hint)
    hint = f" (REDIS_URL is not set; the Redis of `larkspur up` is at {up})"
    return Stored(read(OperatorSettings), "" if "REDIS_URL" in named else hint)
