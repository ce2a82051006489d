from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from shared.feishu.words import WORDS
from shared.model.draft import Draft
from shared.model.ids import CardId, LetterId
from shared.model.progress import Progress
from shared.settings import Reply as ReplySettings
from tests.integration.replying import Died
from workers.replies.card import CardReply
from workers.replies.chosen import Replies
from workers.replies.forms import Form, Forms
from workers.replies.plain import PlainReply

if TYPE_CHECKING:
    from tests.integration.replying import Scene

pytest_plugins = ["tests.integration.reply_fixtures"]

LETTER = LetterId("e_1")


@pytest.fixture(params=["post", "text"])
def plain(scene: Scene, request: pytest.FixtureRequest) -> Scene:
    """A scene whose platform takes no cards, and in one half of the tests no posts."""
    scene.forms = Forms(request.param)
    return scene


async def test_text_is_there_when_it_is_finished(plain: Scene) -> None:
    async with aclosing(plain.plain()) as reply:
        await reply.open()
        reply.revise(Progress("half"))
        before = await plain.answers()
        message = await reply.finish(Progress("all of it"))

    answer = await plain.answer()
    assert before == []
    assert answer["message_id"] == message
    assert plain.forms.of(answer["msg_type"])
    assert answer["text"] == "all of it"


async def test_text_finished_by_two_workers_is_there_once(plain: Scene) -> None:
    plain.memory.dies_at = "after send"
    with pytest.raises(Died):
        await plain.plain().finish(Progress("all of it"))
    plain.memory.dies_at = ""

    message = await plain.plain().finish(Progress("all of it"))

    assert (await plain.answer())["message_id"] == message


async def test_long_text_comes_in_parts(plain: Scene) -> None:
    text = "一句话。" * 10_000

    await plain.plain().finish(Progress(text))

    answers = [each["text"] for each in await plain.answers()]
    assert len(answers) > 1
    assert "".join(answers) == text


async def test_stopped_text_is_what_was_written(plain: Scene) -> None:
    reply = plain.plain()
    reply.revise(Progress("as far as"))

    await reply.stop("Stopped.")

    assert (await plain.answer())["text"] == "as far as\n\nStopped."


async def test_failed_text_is_an_apology(plain: Scene) -> None:
    await plain.plain().fail(LETTER)

    assert (await plain.answer())["text"] == WORDS["en"].sorry


async def test_half_a_surrogate_pair_is_no_reason_to_say_nothing(plain: Scene) -> None:
    await plain.plain().finish(Progress("half \ud83d a flower"))

    assert (await plain.answer())["text"] == "half � a flower"


@pytest.mark.parametrize(
    ("form", "draft", "kind"),
    [
        ("card", Draft(), CardReply),
        ("patched", Draft(), CardReply),
        ("post", Draft(), PlainReply),
        ("text", Draft(), PlainReply),
        ("text", Draft((CardId("begun as a card"),)), CardReply),
    ],
)
async def test_form_is_that_of_the_settings_unless_the_answer_has_one(
    scene: Scene, form: Form, draft: Draft, kind: type
) -> None:
    replies = Replies(scene.feishu, scene.pictures, ReplySettings(form=form))

    reply = replies.to(scene.target, draft=draft, keep=scene.memory.keep, sent=scene.memory)

    assert type(reply) is kind


@pytest.mark.parametrize(
    ("used", "kind", "interval"), [(0, CardReply, 0.3), (85, CardReply, 3.0), (96, PlainReply, 0)]
)
async def test_calls_that_run_low_are_saved(
    scene: Scene, used: int, kind: type, interval: float
) -> None:
    quota = scene.feishu.quota
    quota.calls_a_month, quota.used = 100, used
    replies = Replies(scene.feishu, scene.pictures, ReplySettings())

    reply = replies.to(scene.target, draft=Draft(), keep=scene.memory.keep, sent=scene.memory)

    assert type(reply) is kind
    if isinstance(reply, CardReply):
        assert reply._revisions._interval == pytest.approx(interval)
