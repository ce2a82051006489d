"""Where people work, asked of a simulated platform."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from shared.errors import FeishuUnavailable
from shared.model.ids import OpenId
from shared.open_api import open_api
from shared.settings import Limits
from simulator.world.departments import make_departments
from simulator.world.people import make_user
from tests.integration.scripted import scripted, token
from workers.policy.departments import FIELD, Departments

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from tests.integration.replying import Scene

pytest_plugins = ["tests.integration.reply_fixtures"]

ALICE, BOB = (OpenId(make_user(name).open_id) for name in ("alice", "bob"))
STRANGER = OpenId("ou_nobody")
ENGINEERING = make_departments()[0].open_department_id
USER = "GET /open-apis/contact/v3/users/{user_id}"
UNGRANTED = 99991672


@pytest.fixture
def departments(scene: Scene, store: Store, keys: Keys) -> Departments:
    return Departments(scene.feishu, store, keys)


async def asked(scene: Scene) -> int:
    """Return how often anybody was asked for since the platform began."""
    calls: list[dict[str, Any]] = await to_thread(scene.stage.get, "/_sim/calls?limit=1000")
    return sum("/contact/v3/users/" in call["path"] for call in calls)


async def test_department_is_that_of_the_contacts(departments: Departments) -> None:
    assert await departments.of(ALICE) == frozenset({ENGINEERING})


async def test_fleet_asks_once(
    departments: Departments, scene: Scene, store: Store, keys: Keys
) -> None:
    before = await asked(scene)
    await departments.of(ALICE)

    assert await Departments(scene.feishu, store, keys).of(ALICE) == frozenset({ENGINEERING})

    assert await asked(scene) == before + 1


async def test_person_whom_the_app_may_not_see_is_unknown(departments: Departments) -> None:
    assert await departments.of(STRANGER) is None
    assert await departments.of(STRANGER) is None


async def test_permission_that_is_missing_is_told_once(
    departments: Departments, scene: Scene
) -> None:
    await scene.fault("http_error", USER, count=None, status=400, code=UNGRANTED)

    with capture_logs() as logs:
        found = [await departments.of(user) for user in (ALICE, BOB, ALICE)]

    assert found == [None, None, None]
    assert [each["event"] for each in logs] == ["departments.unknown"]


async def test_platform_that_is_away_is_asked_again(departments: Departments, scene: Scene) -> None:
    await scene.fault("http_error", USER)
    with pytest.raises(FeishuUnavailable):
        await departments.of(ALICE)

    assert await departments.of(ALICE) == frozenset({ENGINEERING})


async def test_field_that_the_app_may_not_see_is_not_taken_for_none(
    store: Store, keys: Keys
) -> None:
    shown = {"code": 0, "data": {"user": {"open_id": ALICE}}}

    async with scripted(tenant_access_token=token, users=lambda _: shown) as script:
        feishu = open_api(script.transport, store, keys, script.feishu, Limits())
        with capture_logs() as logs:
            found = await Departments(feishu, store, keys).of(ALICE)

    assert found is None
    assert [FIELD in each["reason"] for each in logs] == [True]
