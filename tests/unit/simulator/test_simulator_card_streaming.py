"""Texts typed into a card while it streams."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.unit.simulator.cards import (
    BUTTON,
    CardBot,
    card,
    card_bot,
    markdown,
    reference,
    streaming,
    text,
)

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import FakeClock, Start


@pytest.fixture
async def bot(start: Start, clock: FakeClock) -> CardBot:
    return await card_bot(start, clock)


async def test_answer_is_typed_into_a_sent_card(bot: CardBot) -> None:
    card_id = await bot.created(streaming())
    message_id = await bot.sent(reference(card_id))

    written = [await bot.write(card_id, words) for words in ("You", "You said: hi")]
    during = await bot.message(message_id)
    await bot.settings(card_id, streaming_mode=False)
    after = await bot.message(message_id)

    assert [each["code"] for each in written] == [0, 0]
    assert (during["text"], during["streaming"], during["final"]) == ("You said: hi", True, False)
    assert (after["text"], after["streaming"], after["final"]) == ("You said: hi", False, True)
    assert (during["revisions"], after["revisions"]) == (3, 4)
    assert after["card"]["body"]["elements"] == [markdown(content="You said: hi")]


async def test_answer_is_awaited_until_its_card_is_finished(bot: CardBot) -> None:
    said = await bot.platform.say("hi")
    card_id = await bot.created(streaming())
    path = f"/open-apis/im/v1/messages/{said['message_id']}/reply"
    await bot.call("POST", path, {"msg_type": "interactive", "content": text(reference(card_id))})

    waiting = asyncio.create_task(bot.platform.get(f"/_sim/answers/{said['message_id']}"))
    await bot.write(card_id, "done")
    await bot.settings(card_id, streaming_mode=False)
    answered = await waiting

    assert [(each["text"], each["revisions"]) for each in answered["answers"]] == [("done", 3)]


async def test_streaming_ends_ten_minutes_after_it_was_switched_on(bot: CardBot) -> None:
    card_id = await bot.created(streaming())
    message_id = await bot.sent(reference(card_id))
    bot.clock.advance(590)
    await bot.settings(card_id, streaming_mode=True)

    bot.clock.advance(590)
    still = await bot.write(card_id, "still")
    bot.clock.advance(20)
    over = await bot.write(card_id, "over")

    assert (still["code"], over["code"]) == (0, 200850)
    assert (await bot.message(message_id))["final"]
    assert (await bot.settings(card_id, streaming_mode=True))["code"] == 0
    assert (await bot.write(card_id, "again"))["code"] == 0


async def test_card_that_does_not_stream_is_not_typed_into(bot: CardBot) -> None:
    card_id = await bot.created(card(markdown()))

    assert (await bot.write(card_id, "x"))["code"] == 300309


async def test_only_texts_are_typed_into(bot: CardBot) -> None:
    card_id = await bot.created(streaming(BUTTON))

    assert (await bot.write(card_id, "x", "ok"))["code"] == 300310
