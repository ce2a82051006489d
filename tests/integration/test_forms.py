"""Whatever the platform does not take becomes the next best form, by itself."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from aiohttp import web

from shared.feishu.public_web import public_web
from shared.model.draft import HELD
from shared.model.ids import ConversationId, MessageId
from shared.model.progress import Progress
from shared.model.target import Target
from shared.open_api import open_api
from shared.settings import Limits
from shared.settings import Reply as ReplySettings
from shared.store.picture_keys import PictureKeys
from tests.integration.replying import ALWAYS, CREATE, Memory
from tests.integration.scripted import Answer, scripted, token
from workers.replies.chosen import Replies
from workers.replies.pictures import Pictures

if TYPE_CHECKING:
    import pytest

    from shared.store.connection import Store
    from shared.store.keys import Keys
from tests.integration.replying import Scene

pytest_plugins = ["tests.integration.reply_fixtures"]

UNGRANTED: dict[str, Any] = {
    "status": 400,
    "code": 99991672,
    "msg": "one of these scopes is required: [cardkit:card:write]",
}
MARKDOWN = "# A flower\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"


async def test_card_that_cardkit_does_not_make_is_held_by_its_message(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    await scene.fault("http_error", CREATE, count=ALWAYS, **UNGRANTED)

    async with aclosing(scene.reply()) as reply:
        await reply.open()
        reply.revise(Progress("half"))
        await scene.shows("half")
        growing = await scene.answer()
        await reply.finish(Progress("all of it"))

    answer = await scene.answer()
    assert scene.memory.draft.cards == (HELD,)
    assert (growing["streaming"], answer["streaming"]) == (True, False)
    assert (answer["msg_type"], answer["text"]) == ("interactive", "all of it")
    assert "cardkit:card:write" in capsys.readouterr().out


async def test_held_card_is_adopted(scene: Scene) -> None:
    await scene.fault("http_error", CREATE, count=ALWAYS, **UNGRANTED)
    async with aclosing(scene.reply()) as first:
        await first.open()

    async with aclosing(scene.reply(generation=1)) as second:
        await second.open()
        await second.finish(Progress("all of it"))

    assert (await scene.answer())["text"] == "all of it"


class Platform:
    """A platform that takes messages of some kinds and has no cardkit."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds
        self.taken: list[tuple[str, Any]] = []

    async def answer(self, store: Store, keys: Keys, *documents: str) -> dict[str, int]:
        """Have a worker answer; return how often each API was called."""

        def cards(_: int) -> Answer:
            return web.Response(status=404, text="404 page not found")

        def reply(number: int) -> Answer:
            body = [body for body in script.bodies if "uuid" in body][-1]
            if body["msg_type"] not in self.kinds:
                return web.json_response({"code": 230001, "msg": "invalid msg_type"}, status=400)
            self.taken.append((body["msg_type"], json.loads(body["content"])))
            return {"code": 0, "data": {"message_id": f"om_{number}"}}

        async with scripted(tenant_access_token=token, cards=cards, reply=reply) as script:
            feishu = open_api(script.transport, store, keys, script.feishu, Limits())
            async with public_web() as internet:
                pictures = Pictures(feishu, internet, PictureKeys(store, keys))
            replies = Replies(feishu, pictures, ReplySettings())
            for number, document in enumerate(documents):
                memory = Memory()
                target = Target(MessageId(f"om_q{number}"), ConversationId("oc_1"))
                made = replies.to(target, draft=memory.draft, keep=memory.keep, sent=memory)
                async with aclosing(made) as reply_:
                    await reply_.open()
                    await reply_.finish(Progress(document))
        return script.calls


async def test_platform_without_cards_gets_a_rich_text(store: Store, keys: Keys) -> None:
    platform = Platform("text", "post")

    calls = await platform.answer(store, keys, MARKDOWN, "plain")

    (kind, content), second = platform.taken
    assert kind == "post"
    assert content["zh_cn"]["content"][0][0]["text"].startswith("**A flower**\n\n```\na | b")
    assert second[0] == "post"
    assert (calls["cards"], calls["reply"]) == (1, 3)  # each refusal was heard once


async def test_platform_of_nothing_but_texts_gets_the_whole_answer(
    store: Store, keys: Keys
) -> None:
    platform = Platform("text")

    await platform.answer(store, keys, MARKDOWN)

    assert platform.taken == [("text", {"text": MARKDOWN.rstrip()})]
