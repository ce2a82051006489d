from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from shared.feishu.cards import SORRY
from shared.feishu.client import Feishu
from shared.model.draft import Draft
from shared.model.ids import CardId, ConversationId, LetterId, MessageId
from shared.settings import Reply as ReplySettings
from tests.integration.replying import Died, Memory
from tests.integration.scripted import Answer, scripted, token
from workers.replies.card import CardReply
from workers.replies.chosen import Replies
from workers.replies.text import TextReply

if TYPE_CHECKING:
    from typing import Literal

    from tests.integration.replying import Scene

pytest_plugins = ["tests.integration.reply_fixtures"]

LETTER = LetterId("e_1")


def text_reply(scene: Scene) -> TextReply:
    return TextReply(scene.feishu, scene.question, in_thread=False, sent=scene.memory)


async def test_text_is_there_when_it_is_finished(scene: Scene) -> None:
    async with aclosing(text_reply(scene)) as reply:
        await reply.open()
        reply.revise("half")
        before = await scene.answers()
        message = await reply.finish("all of it")

    answer = await scene.answer()
    assert before == []
    assert (answer["message_id"], answer["msg_type"]) == (message, "text")
    assert answer["text"] == "all of it"


async def test_text_finished_by_two_workers_is_there_once(scene: Scene) -> None:
    scene.memory.dies_at = "after send"
    with pytest.raises(Died):
        await text_reply(scene).finish("all of it")
    scene.memory.dies_at = ""

    message = await text_reply(scene).finish("all of it")

    assert (await scene.answer())["message_id"] == message


async def test_long_text_comes_in_parts(scene: Scene) -> None:
    text = "一句话。" * 10_000

    await text_reply(scene).finish(text)

    answers = [each["text"] for each in await scene.answers()]
    assert len(answers) > 1
    assert "".join(answers) == text


async def test_stopped_text_is_what_was_written(scene: Scene) -> None:
    reply = text_reply(scene)
    reply.revise("as far as")

    await reply.stop("Stopped.")

    assert (await scene.answer())["text"] == "as far as\n\nStopped."


async def test_failed_text_is_an_apology(scene: Scene) -> None:
    await text_reply(scene).fail(LETTER)

    assert (await scene.answer())["text"] == SORRY


async def test_half_a_surrogate_pair_is_no_reason_to_say_nothing(scene: Scene) -> None:
    await text_reply(scene).finish("half \ud83d a flower")

    assert (await scene.answer())["text"] == "half � a flower"


@pytest.mark.parametrize(
    ("form", "draft", "kind"),
    [
        ("card", Draft(), CardReply),
        ("text", Draft(), TextReply),
        ("text", Draft(card=CardId("begun as a card")), CardReply),
    ],
)
async def test_form_is_that_of_the_settings_unless_the_answer_has_one(
    scene: Scene, form: Literal["card", "text"], draft: Draft, kind: type
) -> None:
    replies = Replies(scene.feishu, ReplySettings(form=form))

    reply = replies.to(
        scene.question,
        scene.conversation,
        in_thread=False,
        draft=draft,
        keep=scene.memory.keep,
        sent=scene.memory,
    )

    assert type(reply) is kind


async def test_platform_that_knows_no_cards_gets_text() -> None:
    def no_such_page(_: int) -> Answer:
        return web.Response(status=404, text="404 page not found")

    def reply(_: int) -> Answer:
        return {"code": 0, "data": {"message_id": "om_2"}}

    async with scripted(tenant_access_token=token, cards=no_such_page, reply=reply) as script:
        memory = Memory()
        card = CardReply(
            Feishu(script.transport, script.feishu),
            MessageId("om_1"),
            ConversationId("oc_1"),
            in_thread=True,
            draft=memory.draft,
            keep=memory.keep,
            sent=memory,
        )
        await card.open()
        message = await card.finish("a plain answer")

    assert message == "om_2"
    assert script.calls["cards"] == 1
    assert [body["content"] for body in script.bodies if "uuid" in body] == [
        '{"text":"a plain answer"}'
    ]
