"""Whatever may keep a message out, asked in turn: lists, budgets, the rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.policy.admission import Refused, asks_departments, refusal

if TYPE_CHECKING:
    from shared.model.message import MessageReceived
    from workers.policy.budgets import Budgets
    from workers.policy.courtesy import Courtesy
    from workers.policy.departments import Departments
    from workers.policy.rate import Rate
    from workers.policy.rules import Rules


class Door:
    """Lets a message in or not, the same way however often its turn is tried."""

    def __init__(
        self, departments: Departments, budgets: Budgets, rate: Rate, courtesy: Courtesy
    ) -> None:
        self._departments = departments
        self._budgets = budgets
        self._rate = rate
        self._courtesy = courtesy

    async def refusal(self, message: MessageReceived, rules: Rules, name: str) -> Refused | None:
        """Return why a message stays out, None if it is let in; `name` is what it is known by.

        What was let in stays so for an hour: its own answer may use the budget up.

        Raises:
            FeishuUnavailable, FeishuRateLimited: it is not known where the sender works.
            StoreUnavailable: Redis did not confirm.
        """
        counts = rules.rate.per_minute is not None or any(dict(rules.budget).values())
        if counts and await self._rate.has_passed(name):
            return None
        refused = await self._unlisted(message, rules, name)
        if refused is None and counts:
            refused = await self._overspent(message, rules, name)
            refused = refused or await self._too_fast(message, rules, name)
        return refused

    async def _unlisted(self, message: MessageReceived, rules: Rules, name: str) -> Refused | None:
        """Ask the lists; only who is alone with the bot is told."""
        departments = None
        if asks_departments(rules):
            departments = await self._departments.of(message.sender)
        reason = refusal(message, rules, departments)
        if reason is None:
            return None
        alone = message.chat_type == "p2p"
        told = alone and await self._courtesy.is_due("unlisted", message.sender, name)
        return Refused(reason, told)

    async def _overspent(self, message: MessageReceived, rules: Rules, name: str) -> Refused | None:
        reason = await self._budgets.overspent(rules.budget, message.sender, message.chat_id)
        if reason is None:
            return None
        whom = message.sender if reason == "user_budget" else message.chat_id
        told = await self._courtesy.is_due(reason, whom, name)
        return Refused(reason, told)

    async def _too_fast(self, message: MessageReceived, rules: Rules, name: str) -> Refused | None:
        ruling = await self._rate.rule(message.sender, name, per_minute=rules.rate.per_minute)
        return None if ruling == "fine" else Refused("rate", ruling == "told")
