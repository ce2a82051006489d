from __future__ import annotations

import asyncio
from contextlib import aclosing
from itertools import count
from typing import TYPE_CHECKING

import pytest

from shared.errors import FeishuRateLimited, FeishuRejected, FeishuUnavailable
from shared.feishu import sendable
from shared.feishu.call import Priority
from shared.feishu.texts import LARGEST
from shared.feishu.words import WORDS
from shared.model.ids import LetterId
from shared.model.progress import Progress
from shared.settings import Limits
from tests.eventually import soon
from tests.integration.replying import (
    ALWAYS,
    CREATE,
    REPLACE,
    REPLY,
    SETTINGS,
    WRITE,
    scene_on,
)
from tests.integration.replying import buttons as buttons_of

if TYPE_CHECKING:
    from shared.store.connection import Store
    from tests.integration.replying import Scene
    from tests.stage import Stage

pytest_plugins = ["tests.integration.reply_fixtures"]

EVERY_CALL = [CREATE, REPLY, REPLACE, SETTINGS]
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n"

LETTER = LetterId("e_1")


async def test_answer_grows_in_one_card_until_it_is_finished(scene: Scene) -> None:
    async with aclosing(scene.reply()) as reply:
        await reply.open()
        thinking = await scene.answer()
        reply.revise(Progress("Larkspur is"))
        await scene.shows("Larkspur is")
        growing = await scene.answer()
        message = await reply.finish(Progress("Larkspur is a flower."))

    finished = await scene.answer()
    assert [each["message_id"] for each in (thinking, growing, finished)] == [message] * 3
    assert [each["streaming"] for each in (thinking, growing, finished)] == [True, True, False]
    assert finished["text"] == "Larkspur is a flower."
    assert finished["card"]["config"]["summary"] == {"content": "Larkspur is a flower."}


async def test_only_a_running_answer_can_be_stopped(scene: Scene) -> None:
    async with aclosing(scene.reply()) as reply:
        await reply.open()
        running = buttons_of(await scene.answer())
        await reply.finish(Progress("done"))

    stop = {"larkspur": "stop", "question": scene.question, "conversation": scene.conversation}
    assert running == [stop]
    assert buttons_of(await scene.answer()) == []


async def test_answer_that_is_there_at_once_needs_no_opening(scene: Scene) -> None:
    message = await scene.reply().finish(Progress("an answer from the draft"))

    answer = await scene.answer()
    assert (answer["message_id"], answer["streaming"]) == (message, False)
    assert answer["text"] == "an answer from the draft"


async def test_stopped_answer_keeps_what_is_written(scene: Scene) -> None:
    async with aclosing(scene.reply()) as reply:
        await reply.open()
        reply.revise(Progress("As far as"))
        await reply.stop("已停止 Stopped")

    answer = await scene.answer()
    assert answer["text"] == "As far as"
    assert "已停止 Stopped" in str(answer["card"])
    assert (answer["streaming"], buttons_of(answer)) == (False, [])


async def test_answer_that_was_stopped_before_it_began_says_only_that(scene: Scene) -> None:
    async with aclosing(scene.reply()) as reply:
        await reply.open()
        await reply.stop("已停止 Stopped")

    assert (await scene.answer())["text"] == "已停止 Stopped"


async def test_failed_answer_can_be_asked_for_again(scene: Scene) -> None:
    async with aclosing(scene.reply()) as reply:
        await reply.open()
        reply.revise(Progress("half"))
        await reply.fail(LETTER)

    answer = await scene.answer()
    assert WORDS["en"].sorry in answer["text"]
    assert answer["streaming"] is False
    assert [value["larkspur"] for value in buttons_of(answer)] == ["retry"]


async def test_failure_without_a_card_is_told_in_words(scene: Scene) -> None:
    await scene.reply().fail(LETTER)

    answer = await scene.answer()
    assert (answer["msg_type"], answer["text"]) == ("text", WORDS["en"].sorry)


async def test_closed_reply_sends_nothing_more(scene: Scene) -> None:
    reply = scene.reply()
    await reply.open()

    async def turn() -> None:
        async with aclosing(reply):
            reply.revise(Progress("begun"))
            await scene.shows("begun")
            await asyncio.get_running_loop().create_future()

    running = asyncio.create_task(turn())
    await scene.shows("begun")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert running.cancelled()
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "revisions"]


@pytest.mark.parametrize("api", [*EVERY_CALL, WRITE])
async def test_lost_answer_costs_nothing(scene: Scene, api: str) -> None:
    await scene.fault("lost_answer", api)

    async with aclosing(scene.reply()) as reply:
        await reply.open()
        reply.revise(Progress("half"))
        await scene.shows("half")
        message = await reply.finish(Progress("all of it"))

    answer = await scene.answer()
    assert (answer["message_id"], answer["text"]) == (message, "all of it")
    assert await scene.unspent_faults() == []


async def test_change_that_is_out_of_order_once_is_no_other_worker(scene: Scene) -> None:
    async with aclosing(scene.reply()) as reply:
        await reply.open()
        await scene.fault("card_sequence", REPLACE)
        await reply.finish(Progress("all of it"))

    assert (await scene.answer())["text"] == "all of it"
    assert await scene.unspent_faults() == []


@pytest.mark.parametrize("api", EVERY_CALL)
async def test_platform_that_stumbles_is_asked_again(scene: Scene, api: str) -> None:
    await scene.fault("http_error", api, count=2, status=502)

    async with aclosing(scene.reply()) as reply:
        await reply.open()
        await reply.finish(Progress("all of it"))

    assert (await scene.answer())["text"] == "all of it"
    assert await scene.unspent_faults() == []


async def test_platform_that_stays_away_is_a_passing_fault(scene: Scene) -> None:
    await scene.fault("http_error", REPLACE, count=ALWAYS, status=503)

    async with aclosing(scene.reply()) as reply:
        await reply.open()
        with pytest.raises(FeishuUnavailable):
            await reply.finish(Progress("all of it"))
        await scene.clear_faults()
        await reply.finish(Progress("all of it"))

    assert (await scene.answer())["text"] == "all of it"


async def test_same_part_sent_twice_at_once_is_one_message(scene: Scene) -> None:
    await scene.fault("slow", REPLY, seconds=1.2)  # the other one hears 230049 meanwhile

    def send(text: str) -> asyncio.Task[object]:
        sending = scene.feishu.reply(
            scene.target, sendable.text(text), part="answer", priority=Priority.FINAL
        )
        return asyncio.ensure_future(sending)

    first, second = await asyncio.gather(send("hello"), send("hello"))

    assert first == second == (await scene.answer())["message_id"]
    assert 230049 in await scene.codes()


async def test_revision_that_fails_is_left_out(scene: Scene) -> None:
    async def spent() -> bool:
        return not await scene.unspent_faults()

    async with aclosing(scene.reply()) as reply:
        await reply.open()
        await scene.fault("http_error", WRITE, status=400, code=300313, msg="no such element")
        reply.revise(Progress("one"))
        await soon(spent)
        await scene.fault("http_error", WRITE, status=500)
        reply.revise(Progress("one, two"))
        await soon(spent)
        reply.revise(Progress("one, two, three"))
        await scene.shows("one, two, three")
        await reply.finish(Progress("one, two, three, four"))

    assert (await scene.answer())["text"] == "one, two, three, four"


async def test_last_text_waits_until_the_rate_limit_is_over(scene: Scene) -> None:
    await scene.fault("rate_limited", REPLACE, reset=1)

    async with aclosing(scene.reply()) as reply:
        await reply.open()
        await reply.finish(Progress("all of it"))

    assert (await scene.answer())["text"] == "all of it"
    assert await scene.unspent_faults() == []


async def test_long_wait_is_left_to_the_turn(scene: Scene) -> None:
    await scene.fault("rate_limited", CREATE, reset=52)

    with pytest.raises(FeishuRateLimited) as caught:
        await scene.reply().open()

    assert caught.value.retry_after == 52.0


async def test_token_that_ends_meanwhile_is_replaced(scene: Scene) -> None:
    async with aclosing(scene.reply()) as reply:
        await reply.open()
        await scene.fault("token_revoked", REPLACE)
        await reply.finish(Progress("all of it"))

    assert (await scene.answer())["text"] == "all of it"


async def test_what_a_card_cannot_hold_goes_on_in_the_next(scene: Scene) -> None:
    text = "".join(f'Paragraph {n}: 花 and "flower".\n\n' for n in range(2000)).rstrip()

    async with aclosing(scene.reply()) as reply:
        await reply.open()
        reply.revise(Progress(text[:100]))
        await scene.shows("Paragraph 1:")
        reply.revise(Progress(text))
        await scene.shows("Paragraph 1900:")
        growing = await scene.answers()
        message = await reply.finish(Progress(text))

    first, *rest = await scene.answers()
    assert (first["message_id"], first["msg_type"]) == (message, "interactive")
    assert len(growing) == 1 + len(rest) > len(text.encode()) // LARGEST
    assert [each["streaming"] for each in growing] == [*[False] * len(rest), True]
    assert "".join(each["text"] for each in (first, *rest)) == text
    assert [WORDS["en"].continued in str(each["card"]) for each in (first, *rest)] == [
        *[True] * len(rest),
        False,
    ]


async def test_card_that_has_grown_for_long_goes_on_in_the_next(scene: Scene) -> None:
    async with aclosing(scene.reply(longest=0.5)) as reply:
        await reply.open()
        reply.revise(Progress("The first paragraph.\n\nThe"))
        await scene.shows("The first paragraph.")
        await asyncio.sleep(0.6)
        reply.revise(Progress("The first paragraph.\n\nThe second"))
        await scene.shows("The second")
        await reply.finish(Progress("The first paragraph.\n\nThe second one."))

    answers = await scene.answers()
    assert [each["text"] for each in answers] == ["The first paragraph.\n\n", "The second one."]
    assert [WORDS["en"].continued in str(each["card"]) for each in answers] == [True, False]


async def test_long_answer_is_completed_by_another_worker_without_a_repetition(
    scene: Scene,
) -> None:
    text = "word " * 12_000
    await scene.reply().finish(Progress(text))

    await scene.reply(generation=1).finish(Progress(text))

    assert "".join(each["text"] for each in await scene.answers()) == text.rstrip()


async def test_failed_answer_leaves_no_card_that_grows(scene: Scene) -> None:
    text = "word " * 12_000

    async with aclosing(scene.reply()) as reply:
        await reply.open()
        reply.revise(Progress(text))
        await soon(lambda: has_cards(scene, 3))
        await reply.fail(LETTER)

    answers = await scene.answers()
    assert [each["streaming"] for each in answers] == [False] * 3
    assert [each["text"] for each in answers] == [
        WORDS["en"].sorry,
        WORDS["en"].above,
        WORDS["en"].above,
    ]


async def has_cards(scene: Scene, number: int) -> bool:
    return len(await scene.answers()) == number


async def test_more_tables_than_a_card_may_hold_are_code(scene: Scene) -> None:
    async with aclosing(scene.reply()) as reply:
        await reply.open()
        await reply.finish(Progress(f"{TABLE}\n" * 4))

    answer = await scene.answer()
    assert answer["text"] == f"{TABLE}\n" * 3 + "```\na | b\n1 | 2\n```\n"


async def test_text_that_no_card_takes_follows_as_a_post(scene: Scene) -> None:
    async with aclosing(scene.reply()) as reply:
        await reply.open()
        await scene.fault("http_error", REPLACE, status=400, code=230099)
        message = await reply.finish(Progress("all of it"))

    card, follows = await scene.answers()
    assert (card["message_id"], card["text"], card["streaming"]) == (
        message,
        WORDS["en"].below,
        False,
    )
    assert (follows["msg_type"], follows["text"]) == ("post", "all of it")


async def test_chat_that_takes_no_cards_gets_a_post(scene: Scene) -> None:
    await scene.fault("http_error", REPLY, count=2, status=400, code=230054)

    async with aclosing(scene.reply()) as reply:
        await reply.open()
        reply.revise(Progress("as far as"))
        await reply.stop("Stopped.")

    answer = await scene.answer()
    assert (answer["msg_type"], answer["text"]) == ("post", "as far as\n\nStopped.")


async def test_failure_where_no_cards_are_taken_is_told_in_words(scene: Scene) -> None:
    await scene.fault("http_error", REPLY, count=2, status=400, code=230054)

    async with aclosing(scene.reply()) as reply:
        await reply.open()
        await reply.fail(LETTER)

    assert (await scene.answer())["text"] == WORDS["en"].sorry


async def test_recalled_question_costs_no_answer(scene: Scene) -> None:
    await scene.fault("http_error", REPLY, status=400, code=230011)

    with pytest.raises(FeishuRejected) as caught:
        await scene.reply().open()

    assert caught.value.code == 230011


async def test_answer_gets_through_however_fast_it_is_revised(strict: Stage, store: Store) -> None:
    async with scene_on(strict, store, Limits()) as scene, aclosing(scene.reply()) as reply:

        async def has_many_revisions() -> bool:
            reply.revise(Progress("so fast " * next(lengths)))
            return await scene.sequence() > 30  # three times what a card may have in a second

        lengths = count(1)
        await reply.open()
        await soon(has_many_revisions)
        await reply.finish(Progress("and yet it is all there"))

        answer = await scene.answer()
        codes = await scene.codes()

    assert 99991400 not in codes
    assert (answer["text"], answer["streaming"]) == ("and yet it is all there", False)
