"""Rates, quota, and what the page is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.limits.limits import Limits
from simulator.limits.quota import Quota
from simulator.limits.windows import MOST_KEYS, Rate, Windows
from simulator.openapi.errors import ApiError
from tests.unit.simulator.conftest import MESSAGES, Bot, FakeClock, Start, text

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Platform

BOT = "/open-apis/bot/v3/info"
USER = "/open-apis/contact/v3/users/ou_nobody"


@pytest.fixture
async def platform(start: Start, clock: FakeClock) -> Platform:
    return await start(clock)


async def answered(bot: Bot, path: str = BOT) -> tuple[int, int, Any]:
    async with bot.platform.http.get(bot.platform.url + path, headers=bot.headers) as response:
        return response.status, (await response.json())["code"], response.headers


async def send(bot: Bot, address: str, address_type: str = "email") -> int:
    return int((await bot.create(address, address_type))["code"])


async def test_window_slides(clock: FakeClock) -> None:
    windows = Windows(Rate(2, 1.0), clock)
    for at in (0.0, 0.6):
        clock.advance(at - clock.now)
        windows.take("a")

    assert windows.wait("a") == pytest.approx(0.4)
    clock.advance(0.4)
    assert windows.wait("a") == 0.0
    windows.take("a")
    assert windows.wait("a") == pytest.approx(0.6)
    assert windows.wait("b") == 0.0


@given(st.lists(st.floats(0.0, 0.5), max_size=200))
def test_no_stretch_of_a_window_holds_more_than_its_rate(pauses: list[float]) -> None:
    clock = FakeClock()
    windows = Windows(Rate(5, 1.0), clock)
    let: list[float] = []
    for pause in pauses:
        clock.advance(pause)
        if windows.wait("a") == 0.0:
            windows.take("a")
            let.append(clock.now)

    assert all(later - earlier >= 1.0 - 1e-9 for earlier, later in zip(let, let[5:], strict=False))


async def test_windows_remember_a_bounded_number_of_keys(clock: FakeClock) -> None:
    windows = Windows(Rate(1, 60.0), clock)

    for number in range(MOST_KEYS + 10):
        windows.take(str(number))

    assert sum(1 for _ in windows.in_use()) == MOST_KEYS
    assert windows.wait("0") == 0.0


async def test_fifty_first_call_of_a_second_is_refused(bot: Bot, clock: FakeClock) -> None:
    statuses = [(await answered(bot))[:2] for _ in range(51)]

    assert statuses == [(200, 0)] * 50 + [(429, 99991400)]
    clock.advance(1.0)
    assert (await answered(bot))[:2] == (200, 0)


async def test_refusal_says_how_long_to_wait(bot: Bot, clock: FakeClock) -> None:
    for _ in range(20):
        for _ in range(50):
            await answered(bot)
        clock.advance(1.0)

    status, code, headers = await answered(bot)

    assert (status, code) == (429, 99991400)
    assert headers["x-ogw-ratelimit-limit"] == "1000"
    assert headers["x-ogw-ratelimit-reset"] == "40"
    clock.advance(40.0)
    assert (await answered(bot))[0] == 200


async def test_each_api_has_its_own_limit(bot: Bot) -> None:
    for _ in range(51):
        await answered(bot)

    assert (await answered(bot, "/open-apis/im/v1/chats"))[0] == 200


async def test_sixth_message_of_a_second_to_one_user_is_refused(bot: Bot, clock: FakeClock) -> None:
    codes = [await send(bot, "alice@example.com") for _ in range(6)]

    assert codes == [0, 0, 0, 0, 0, 230020]
    assert await send(bot, "bob@example.com") == 0
    clock.advance(1.0)
    assert await send(bot, "alice@example.com") == 0


async def test_group_has_one_limit_for_sends_and_replies(bot: Bot) -> None:
    world = await bot.platform.get("/_sim/world")
    team = next(chat["chat_id"] for chat in world["chats"] if chat["name"] == "team")
    said = await bot.platform.say("hi", chat="team")
    for _ in range(4):
        assert await send(bot, team, "chat_id") == 0

    codes = [(await bot.reply(said["message_id"]))["code"] for _ in range(2)]

    assert codes == [0, 230020]


async def test_replayed_uuid_takes_no_place(bot: Bot) -> None:
    for _ in range(10):
        again = await bot.create("alice@example.com", "email", uuid="u-1")

    assert again["code"] == 0


async def test_eleventh_change_of_a_card_is_refused(clock: FakeClock) -> None:
    limits = Limits(clock)
    for _ in range(10):
        limits.card("card")
    limits.card("another")

    with pytest.raises(ApiError) as refused:
        limits.card("card")

    assert (refused.value.code, refused.value.status) == (99991400, 429)


async def test_limits_can_be_off(start: Start, clock: FakeClock) -> None:
    platform = await start(clock, limits="off")
    bot = Bot(platform, await platform.authorize())

    codes = {(await bot.create("alice@example.com", "email"))["code"] for _ in range(60)}

    assert codes == {0}
    assert not (await platform.get("/_sim/limits"))["enforced"]


async def test_quota_counts_what_succeeds_and_costs(start: Start, clock: FakeClock) -> None:
    platform = await start(clock, quota=2)
    bot = Bot(platform, await platform.authorize())
    await answered(bot, USER)
    await bot.create("ou_nobody", "open_id")

    statuses = [(await answered(bot))[:2] for _ in range(3)]

    assert statuses == [(200, 0), (200, 0), (429, 99991403)]
    assert (await answered(bot, USER))[:2] == (400, 41050)
    assert await platform.authorize()
    assert (await platform.get("/_sim/limits"))["quota"] == {"limit": 2, "used": 2}


async def test_quota_begins_anew_with_the_month() -> None:
    month = ["2026-01"]
    quota = Quota(1, lambda: month[0])
    quota.count("/open-apis/im/v1/messages")

    with pytest.raises(ApiError):
        quota.check("/open-apis/im/v1/messages")

    month[0] = "2026-02"
    quota.check("/open-apis/im/v1/messages")
    assert quota.used == 0


async def test_page_sees_what_is_used(bot: Bot, clock: FakeClock) -> None:
    sent = await bot.send(**text("hi"))

    limits = await bot.platform.get("/_sim/limits")

    used = {each["name"]: each["used"] for each in limits["windows"]}
    api = {"key": f"cli_a1b2c3d4e5f60718 POST {MESSAGES}", "used": 1}
    assert used["api_second"] == used["api_minute"] == [api]
    assert [each["used"] for each in used["user"]] == [1]
    assert sent["message_id"]
    clock.advance(60.0)
    emptied = (await bot.platform.get("/_sim/limits"))["windows"]
    assert all(each["used"] == [] for each in emptied)


async def test_calls_are_told_as_they_are_made(bot: Bot) -> None:
    async with bot.platform.http.get(bot.platform.url + "/_sim/feed") as feed:
        assert await feed.content.readline() == b"retry: 1000\n"

        await answered(bot)

        lines = [await feed.content.readline() for _ in range(3)]
    call = orjson.loads(lines[2].removeprefix(b"data: "))
    assert lines[1] == b"event: call\n"
    assert (call["method"], call["path"], call["code"]) == ("GET", BOT, 0)
