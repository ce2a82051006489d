"""The month's calls, and what is done when they run low."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.errors import StoreUnavailable
from shared.feishu.call import Call
from shared.feishu.quota import Quota, Spending
from shared.store.months import CallsByMonth

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys

COUNTED = Call("POST", "/open-apis/im/v1/messages")
FREE = [
    Call("POST", "/open-apis/auth/v3/tenant_access_token/internal"),
    Call("GET", "/open-apis/contact/v3/users/:user_id"),
]


@pytest.fixture
def months(store: Store, keys: Keys) -> CallsByMonth:
    return CallsByMonth(store, keys)


async def spent(quota: Quota, calls: int) -> None:
    for _ in range(calls):
        quota.count(COUNTED)
    await quota.tell()


async def test_processes_count_together(months: CallsByMonth) -> None:
    one, other = Quota(months, 100), Quota(months, 100)

    await spent(one, 3)
    await spent(other, 4)
    await one.tell()

    assert (one.used, other.used, one.left) == (7, 7, 93)


async def test_free_calls_do_not_count(months: CallsByMonth) -> None:
    quota = Quota(months, 100)

    for call in FREE:
        quota.count(call)

    assert quota.left == 100


@pytest.mark.parametrize(
    ("calls", "spending"),
    [
        (79, Spending.FREELY),
        (80, Spending.SPARSELY),
        (94, Spending.SPARSELY),
        (95, Spending.PLAINLY),
        (200, Spending.PLAINLY),
    ],
)
async def test_what_runs_low_is_saved(months: CallsByMonth, calls: int, spending: Spending) -> None:
    quota = Quota(months, 100)

    await spent(quota, calls)

    assert quota.spending is spending


async def test_without_a_quota_calls_are_counted_and_spent_freely(months: CallsByMonth) -> None:
    quota = Quota(months, None)

    await spent(quota, 1000)

    assert (quota.used, quota.left, quota.spending) == (1000, None, Spending.FREELY)


async def test_change_is_told_once(
    months: CallsByMonth, capsys: pytest.CaptureFixture[str]
) -> None:
    quota = Quota(months, 10)

    await spent(quota, 8)
    await spent(quota, 1)

    assert capsys.readouterr().out.count("quota.spending") == 1


class Away:
    """Months that are away at first."""

    def __init__(self, months: CallsByMonth) -> None:
        self._months = months
        self.is_away = True

    async def add(self, month: str, calls: int) -> int:
        if self.is_away:
            raise StoreUnavailable
        return await self._months.add(month, calls)


async def test_calls_that_could_not_be_told_are_told_later(months: CallsByMonth) -> None:
    away = Away(months)
    quota = Quota(away, 100)
    with pytest.raises(StoreUnavailable):
        await spent(quota, 3)

    away.is_away = False
    await spent(quota, 1)

    assert (quota.used, quota.left) == (4, 96)
