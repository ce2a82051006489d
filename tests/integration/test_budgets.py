"""What may be used in a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shared.model.ids import ChatId, OpenId
from shared.model.usage import Usage
from shared.store.usage import Accounts
from workers.policy.budgets import Budgets
from workers.policy.rules import BudgetTable

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys

ALICE, BOB = OpenId("ou_alice"), OpenId("ou_bob")
CHAT, OTHER = ChatId("oc_1"), ChatId("oc_2")


@pytest.fixture
async def budgets(store: Store, keys: Keys) -> Budgets:
    """Alice has used 1,000 tokens and one cent in one chat."""
    accounts = Accounts(store, keys)
    await accounts.add(
        "om_1", ALICE, CHAT, [Usage("a", 600, 100, 6000), Usage("b", 200, 100, 4000)]
    )
    return Budgets(accounts)


@pytest.mark.parametrize(
    ("budget", "overspent"),
    [
        ({}, None),
        ({"user_tokens": 1001, "chat_tokens": 1001, "tenant_tokens": 1001}, None),
        ({"user_money": 0.011, "chat_money": 0.011, "tenant_money": 0.011}, None),
        ({"user_tokens": 1000}, "user_budget"),
        ({"user_money": 0.01}, "user_budget"),
        ({"user_tokens": 10**6, "user_money": 0.01}, "user_budget"),
        ({"chat_tokens": 1000}, "chat_budget"),
        ({"chat_money": 0.01}, "chat_budget"),
        ({"tenant_tokens": 1000}, "tenant_budget"),
        ({"tenant_money": 0.01}, "tenant_budget"),
        ({"user_tokens": 1001, "chat_tokens": 1000, "tenant_tokens": 1000}, "chat_budget"),
    ],
)
async def test_first_budget_that_is_used_up_is_named(
    budgets: Budgets, budget: dict[str, Any], overspent: str | None
) -> None:
    table = BudgetTable.model_validate(budget)

    assert await budgets.overspent(table, ALICE, CHAT) == overspent


async def test_others_have_budgets_of_their_own(budgets: Budgets) -> None:
    table = BudgetTable(user_tokens=1000, chat_tokens=1000)

    assert await budgets.overspent(table, BOB, OTHER) is None
    assert await budgets.overspent(table, BOB, CHAT) == "chat_budget"
