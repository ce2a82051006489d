"""Whether a user, a chat or all together have used what they may in a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from shared.store.usage import TENANT, of_chat, of_user

if TYPE_CHECKING:
    from shared.model.ids import ChatId, OpenId
    from shared.store.usage import Account, Accounts, Used
    from workers.policy.rules import BudgetTable, Limit

Overspent = Literal["user_budget", "chat_budget", "tenant_budget"]


class Budgets:
    """Compares the accounts of today with the rules."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def overspent(self, budget: BudgetTable, user: OpenId, chat: ChatId) -> Overspent | None:
        """Return the first budget that is used up, None if all have something left.

        The answer that uses it up is given: what it takes is known afterwards.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        limited: list[tuple[Overspent, Account, Limit]] = [
            ("user_budget", of_user(user), budget.user),
            ("chat_budget", of_chat(chat), budget.chat),
            ("tenant_budget", TENANT, budget.tenant),
        ]
        limited = [each for each in limited if any(each[2])]
        used = await self._accounts.today([account for _, account, _ in limited])
        spent = (
            which
            for (which, _, limit), today in zip(limited, used, strict=True)
            if _is_spent(limit, today)
        )
        return next(spent, None)


def _is_spent(limit: Limit, used: Used) -> bool:
    tokens = limit.tokens is not None and used.tokens >= limit.tokens
    return tokens or (limit.price is not None and used.price >= limit.price)
