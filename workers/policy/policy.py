"""Who is answered, by which rules, how much, and what it costs: all that handlers ask."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from shared.store.usage import Accounts
from workers.policy import admission
from workers.policy.admission import Admitted
from workers.policy.budgets import Budgets
from workers.policy.counters import Counters
from workers.policy.courtesy import Courtesy
from workers.policy.departments import Departments
from workers.policy.door import Door
from workers.policy.prices import Prices
from workers.policy.rate import Rate
from workers.policy.rules_file import RulesFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prometheus_client import CollectorRegistry

    from shared.feishu.client import Feishu
    from shared.model.ids import ChatId, OpenId
    from shared.model.message import MessageReceived
    from shared.model.usage import Usage
    from shared.settings import WorkerSettings
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from workers.policy.admission import Refused
    from workers.policy.rules import ChatRules


class Policy:
    """The rules that count now, applied."""

    def __init__(
        self,
        file: RulesFile,
        door: Door,
        accounts: Accounts,
        prices: Prices,
        counters: Counters,
    ) -> None:
        self.accounts = accounts
        self._file = file
        self._door = door
        self._prices = prices
        self._counters = counters

    @classmethod
    async def opened(
        cls,
        settings: WorkerSettings,
        store: Store,
        keys: Keys,
        feishu: Feishu,
        registry: CollectorRegistry,
    ) -> Self:
        """Build it of a worker's settings; its `run` is to be run in the background.

        Raises:
            ConfigurationError: one line for every fault of the rules file.
        """
        model = settings.model
        file = await RulesFile.opened(settings.policy.rules)
        accounts = Accounts(store, keys)
        door = Door(
            Departments(feishu, store, keys),
            Budgets(accounts),
            Rate(store, keys),
            Courtesy(store, keys),
        )
        return cls(
            file,
            door,
            accounts,
            Prices(model.prices, model.base_url),
            Counters(
                registry,
                lambda: {*model.every, *model.prices, *file.current.models},
            ),
        )

    async def run(self) -> None:
        """Follow the rules file, for ever."""
        await self._file.run()

    def wants(self, message: MessageReceived, bot: OpenId) -> bool:
        """Whether a person says something to the bot; nothing else is ever answered."""
        return admission.wants(message, bot, self._file.current)

    def heeds(self, message: MessageReceived, bot: OpenId) -> bool:
        """Whether what comes while a turn runs may end it: not if a list keeps its sender out.

        Departments are not asked for here: who may be in the right one is heeded.
        """
        return self.wants(message, bot) and not admission.is_out(message, self._file.current)

    async def admit(self, message: MessageReceived, *, again: str = "") -> Admitted | Refused:
        """Say whether a message that is wanted is answered, and if not what its sender is told.

        A message that was admitted stays so within an hour, and one that is refused again is told
        the same, so that a turn can be tried again.
        `again` names the request to answer the message another time: that one counts anew.

        Raises:
            FeishuUnavailable, FeishuRateLimited: it is not known where the sender works.
            StoreUnavailable: Redis did not confirm.
        """
        rules = self._file.current
        if message.sender in rules.admins:
            return Admitted()
        name = f"{message.message_id}.{again}" if again else message.message_id
        refused = await self._door.refusal(message, rules, name)
        if refused is None:
            return Admitted()
        self._counters.refused(refused.reason)
        return refused

    async def count(
        self, turn: str, user: OpenId, chat: ChatId, usages: Sequence[Usage]
    ) -> tuple[Usage, ...]:
        """Enter what a turn took, once however often it is counted; return it with its prices.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        priced = await asyncio.to_thread(lambda: tuple(map(self._prices.priced, usages)))
        if await self.accounts.add(turn, user, chat, priced):
            for usage in priced:
                self._counters.used(usage)
        return priced

    def of(self, chat: ChatId) -> ChatRules:
        """Return what counts in a chat."""
        return self._file.current.of(chat)

    def may(self, user: OpenId, command: str) -> bool:
        """Whether a user may use a command, named without its slash."""
        return self._file.current.may(user, command)

    def is_admin(self, user: OpenId) -> bool:
        return user in self._file.current.admins
