"""What users, chats and the whole tenant have used: an account each, by day and model."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NewType

from shared.model.usage import Usage
from shared.store import dedup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from shared.model.ids import ChatId, OpenId
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.line import Argument

Account = NewType("Account", str)
"""Whose usage: `of_user`, `of_chat` or `TENANT`."""

TENANT: Final = Account("tenant")

_KEPT: Final = 40 * 24 * 3600
"""Seconds: a month that is over can be looked at for a while."""

_THERE: Final = timedelta(hours=8)
"""The days are those of the platform, as its months are."""


def of_user(user: OpenId) -> Account:
    return Account(f"user:{user}")


def of_chat(chat: ChatId) -> Account:
    return Account(f"chat:{chat}")


@dataclass(frozen=True, slots=True)
class Used:
    """What an account holds, by model."""

    models: Mapping[str, Usage] = field(default_factory=dict)

    @property
    def tokens(self) -> int:
        return sum(usage.tokens for usage in self.models.values())

    @property
    def price(self) -> int:
        """In millionths of a US dollar."""
        return sum(usage.price for usage in self.models.values())


class Accounts:
    """The accounts of an app, kept for 40 days."""

    def __init__(
        self, store: Store, keys: Keys, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock

    async def add(self, turn: str, user: OpenId, chat: ChatId, usages: Sequence[Usage]) -> bool:
        """Add what a turn took to its three accounts, as a whole; return whether it was new.

        The same `turn` counts once within a day, however often it is added.

        Raises:
            StoreUnavailable: it cannot be told whether it was added.
        """
        if not usages:
            return False
        days = [
            f"{self._keys.accounts}{self._today()}:{account}"
            for account in (of_user(user), of_chat(chat), TENANT)
        ]
        arguments: list[Argument] = [dedup.SECONDS, _KEPT]
        for usage in usages:
            arguments += (usage.model, usage.read, usage.wrote, usage.price)
        added = await self._store.run("usage", [self._keys.counted(turn), *days], arguments)
        return bool(added)

    async def today(self, accounts: Sequence[Account]) -> list[Used]:
        """Return what each has used today, in one step.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        if not accounts:
            return []
        today = self._today()
        return [_used([each]) for each in await self._read((today, each) for each in accounts)]

    async def this_month(self, account: Account) -> Used:
        """Return what one has used since the first of the month.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        today = self._today()
        days = (today.replace(day=day) for day in range(1, today.day + 1))
        return _used(await self._read((day, account) for day in days))

    def _today(self) -> date:
        return (self._clock() + _THERE).date()

    async def _read(self, which: Iterable[tuple[date, Account]]) -> list[list[bytes]]:
        names = [f"{day}:{account}" for day, account in which]
        found: list[list[bytes]] = await self._store.run("used", [self._keys.accounts], names)
        return found


def _used(days: Iterable[Sequence[bytes]]) -> Used:
    """Add up what days hold: fields such as `read:gpt-5-mini`, each followed by its number."""
    models: dict[str, dict[str, int]] = {}
    for day in days:
        for name, number in zip(day[::2], day[1::2], strict=True):
            kind, _, model = name.decode().partition(":")
            sums = models.setdefault(model, {"read": 0, "wrote": 0, "price": 0})
            sums[kind] += int(number)
    return Used({model: Usage(model, **sums) for model, sums in models.items()})
