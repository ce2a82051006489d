from __future__ import annotations

from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

import pytest

from shared.errors import FeishuUnavailable, LeaseLost
from shared.feishu.words import WORDS
from shared.model.ids import LetterId
from shared.model.progress import Progress
from tests.eventually import soon
from tests.integration.replying import ALWAYS, REPLACE, SETTINGS, Died, buttons

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.integration.replying import Scene
    from tests.unit.simulator.conftest import FakeClock
    from workers.replies.card import CardReply

pytest_plugins = ["tests.integration.reply_fixtures"]

HOUR = 3600.0

LETTER = LetterId("e_1")


async def is_refused(reply: CardReply) -> bool:
    try:
        reply.revise(Progress("I am still here"))
    except LeaseLost:
        return True
    return False


@pytest.mark.parametrize(
    "step", ["keep card", "send", "after send", "keep message"], ids=lambda step: step
)
async def test_worker_that_dies_while_opening_is_followed(scene: Scene, step: str) -> None:
    scene.memory.dies_at = step
    with pytest.raises(Died):
        await scene.reply().open()
    scene.memory.dies_at = ""

    async with aclosing(scene.reply(generation=1)) as adopter:
        await adopter.open()
        adopter.revise(Progress("half"))
        await scene.shows("half")
        message = await adopter.finish(Progress("all of it"))

    answer = await scene.answer()
    assert (answer["message_id"], answer["text"]) == (message, "all of it")
    assert (answer["streaming"], buttons(answer)) == (False, [])
    assert len({draft.cards[0] for draft in scene.memory.drafts}) == 1


async def test_half_written_card_is_adopted(scene: Scene) -> None:
    dead = scene.reply()
    await dead.open()
    dead.revise(Progress("the first half"))
    await scene.shows("the first half")
    await dead.aclose()
    before = await scene.sequence()
    scene.memory.dies_at = "keep message"  # which is known

    async with aclosing(scene.reply(generation=1)) as adopter:
        await adopter.open()
        adopted = await scene.answer()
        await adopter.finish(Progress("all of it"))

    answer = await scene.answer()
    assert "the first half" not in adopted["text"]
    assert adopted["streaming"] is True
    assert (answer["message_id"], answer["text"]) == (adopted["message_id"], "all of it")
    assert before < 1_000_000 < await scene.sequence()


@pytest.mark.parametrize("api", [REPLACE, SETTINGS])
async def test_worker_that_dies_while_finishing_is_followed(scene: Scene, api: str) -> None:
    dead = scene.reply()
    await dead.open()
    await scene.fault("http_error", api, count=ALWAYS, status=503)
    with pytest.raises(FeishuUnavailable):
        await dead.finish(Progress("all of it"))
    await dead.aclose()
    await scene.clear_faults()

    await scene.reply(generation=1).finish(Progress("all of it"))

    answer = await scene.answer()
    assert (answer["text"], answer["streaming"], buttons(answer)) == ("all of it", False, [])


async def test_failed_answer_that_is_asked_for_again_goes_on_in_its_card(scene: Scene) -> None:
    await scene.reply().open()
    await scene.reply(generation=1).fail(LETTER)

    async with aclosing(scene.reply(generation=2)) as reply:
        await reply.open()
        reply.revise(Progress("better"))
        await scene.shows("better")
        running = await scene.answer()
        await reply.finish(Progress("better now"))

    assert [value["larkspur"] for value in buttons(running)] == ["stop"]
    assert (await scene.answer())["text"] == "better now"


async def test_stale_holder_is_shut_out_by_its_adopter(scene: Scene) -> None:
    async with aclosing(scene.reply()) as stale:
        await stale.open()
        async with aclosing(scene.reply(generation=1)) as adopter:
            await adopter.open()
            adopter.revise(Progress("mine"))
            await scene.shows("mine")

            await soon(lambda: is_refused(stale))
            with pytest.raises(LeaseLost):
                await stale.finish(Progress("stale"))
            await adopter.finish(Progress("mine, all of it"))

    assert (await scene.answer())["text"] == "mine, all of it"


@pytest.mark.parametrize("end", ["finish", "stop", "fail"])
async def test_stale_holder_cannot_end_an_answer_either(scene: Scene, end: str) -> None:
    stale = scene.reply()
    await stale.open()
    await scene.reply(generation=1).finish(Progress("all of it"))

    ends: dict[str, Callable[[], Awaitable[object]]] = {
        "finish": partial(stale.finish, Progress("stale")),
        "stop": partial(stale.stop, "stale"),
        "fail": partial(stale.fail, LETTER),
    }
    with pytest.raises(LeaseLost):
        await ends[end]()

    await stale.aclose()
    assert (await scene.answer())["text"] == "all of it"


async def test_streaming_that_the_platform_has_ended_goes_on(
    later: Scene, clock: FakeClock
) -> None:
    async with aclosing(later.reply()) as reply:
        await reply.open()
        clock.advance(HOUR / 4)
        ended = await later.answer()
        reply.revise(Progress("after a long thought"))
        await later.shows("after a long thought")
        growing = await later.answer()
        await reply.finish(Progress("after a long thought: yes"))

    assert [ended["streaming"], growing["streaming"]] == [False, True]
    assert (await later.answer())["text"] == "after a long thought: yes"


async def test_card_whose_message_is_forgotten_points_at_the_answer(
    later: Scene, clock: FakeClock
) -> None:
    later.memory.dies_at = "after send"
    with pytest.raises(Died):
        await later.reply().open()
    later.memory.dies_at = ""
    clock.advance(HOUR + 1)  # no uuid is known longer (facts 3)

    message = await later.reply(generation=1).finish(Progress("all of it"))

    card, answer = await later.answers()
    assert (card["text"], card["streaming"], buttons(card)) == (WORDS["en"].below, False, [])
    assert (answer["message_id"], answer["text"]) == (message, "all of it")
