"""The tokens that come with a press, and what they are good for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from simulator.ids import MessageId
from simulator.openapi.errors import ApiError
from simulator.world.callback_tokens import CallbackTokens
from tests.unit.simulator.cards import (
    BUTTON,
    MESSAGES,
    CardBot,
    card,
    card_bot,
    markdown,
    reference,
    streaming,
)

if TYPE_CHECKING:
    from simulator.gateway.frames import Frame
    from tests.unit.simulator.conftest import FakeClock, Socket, Start

UPDATE = "/open-apis/interactive/v1/card/update"


class Press:
    """Alice presses a button, and the app has the callback but has not answered it."""

    def __init__(
        self, bot: CardBot, socket: Socket, pressed: asyncio.Task[Any], frame: Frame
    ) -> None:
        self._bot = bot
        self._socket = socket
        self._pressed = pressed
        self._frame = frame
        self._token = orjson.loads(frame.payload)["event"]["token"]

    @classmethod
    async def of(cls, bot: CardBot, message_id: str) -> Press:
        socket = await bot.platform.connect()
        action = {"tag": "button", "value": {"a": 1}}
        asked = {"user": "alice", "message_id": message_id, "action": action}
        pressed = asyncio.create_task(bot.platform.post("/_sim/press", asked))
        return cls(bot, socket, pressed, await socket.receive())

    async def answer(self) -> None:
        await self._socket.ack(self._frame)
        assert (await self._pressed)["error"] is None

    async def update(self, shown: Any) -> Any:
        return await self._bot.call("POST", UPDATE, {"token": self._token, "card": shown})


@pytest.fixture
async def bot(start: Start, clock: FakeClock) -> CardBot:
    return await card_bot(start, clock)


class Pressed:
    """A message and the tokens of its presses."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.tokens = CallbackTokens(clock, keep=3)
        self.message_id = MessageId("om_1")

    def answered(self) -> str:
        token = self.tokens.issue(self.message_id)
        self.tokens.answered(token)
        return token

    def code(self, token: str) -> int:
        with pytest.raises(ApiError) as refused:
            self.tokens.redeem(token)
        return refused.value.code


@pytest.fixture
def pressed(clock: FakeClock) -> Pressed:
    return Pressed(clock)


def test_callback_token_is_used_twice(pressed: Pressed) -> None:
    token = pressed.answered()

    assert [pressed.tokens.redeem(token) for _ in range(2)] == ["om_1", "om_1"]
    assert pressed.code(token) == 300040


def test_callback_token_lives_half_an_hour(pressed: Pressed) -> None:
    token = pressed.answered()

    pressed.clock.advance(30 * 60)

    assert pressed.code(token) == 300030


def test_callback_token_is_no_good_before_the_answer(pressed: Pressed) -> None:
    token = pressed.tokens.issue(pressed.message_id)

    assert pressed.tokens.is_interacting(pressed.message_id)
    assert pressed.code(token) == 200810


def test_callback_token_is_no_good_without_an_answer(pressed: Pressed) -> None:
    token = pressed.tokens.issue(pressed.message_id)

    pressed.clock.advance(3)

    assert not pressed.tokens.is_interacting(pressed.message_id)
    assert pressed.code(token) == 300030


@pytest.mark.parametrize(("token", "code"), [("t-123", 300020), ("c-123", 300030)])
def test_unknown_callback_token_has_its_code(pressed: Pressed, token: str, code: int) -> None:
    assert pressed.code(token) == code


def test_oldest_callback_tokens_fall_off(pressed: Pressed) -> None:
    first, *rest = (pressed.answered() for _ in range(4))

    assert pressed.code(first) == 300030
    assert [pressed.tokens.redeem(token) for token in rest] == ["om_1"] * 3


async def test_delayed_update_needs_a_good_token(bot: CardBot) -> None:
    bad = await bot.call("POST", UPDATE, {"token": "nonsense", "card": card()})
    unknown = await bot.call("POST", UPDATE, {"token": "c-1", "card": card()})
    exclusive = await bot.call("POST", UPDATE, {"token": "c-1", "card": {"elements": []}})
    empty = await bot.call("POST", UPDATE, {"token": "c-1", "card": {}})

    codes = [each["code"] for each in (bad, unknown, exclusive, empty)]
    assert codes == [300020, 300030, 300090, 10002]


async def test_pressed_card_is_locked_until_the_answer(bot: CardBot) -> None:
    card_id = await bot.created(streaming(markdown(), BUTTON))
    press = await Press.of(bot, await bot.sent(reference(card_id)))

    locked = await bot.write(card_id, "x", sequence=1)
    early = await press.update(card())
    await press.answer()
    unlocked = await bot.write(card_id, "x", sequence=1)

    assert [each["code"] for each in (locked, early, unlocked)] == [200810, 200810, 0]


async def test_pressed_card_is_updated_twice_after_the_answer(bot: CardBot) -> None:
    message_id = await bot.sent(card(BUTTON))
    press = await Press.of(bot, message_id)
    await press.answer()

    malformed = await press.update({"schema": "2.0"})
    updates = [await press.update(card(markdown(content=words))) for words in ("1", "2", "3")]

    assert malformed["code"] == 11311
    assert [each["code"] for each in updates] == [0, 0, 300040]
    assert (await bot.message(message_id))["text"] == "2"


async def test_recalled_card_is_not_updated(bot: CardBot) -> None:
    message_id = await bot.sent(card(BUTTON))
    press = await Press.of(bot, message_id)
    await press.answer()

    await bot.call("DELETE", f"{MESSAGES}/{message_id}", {})

    assert (await press.update(card()))["code"] == 200000
