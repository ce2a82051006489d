"""What a handler sends is sent once, whichever way its turn is tried again."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING, Any, cast

import pytest

from shared.errors import CardRefused, FeishuRejected
from tests.integration.replying import Died
from workers.handlers.bound import BoundFeishu

if TYPE_CHECKING:
    from tests.integration.replying import Scene
    from workers.turn import Turn

pytest_plugins = ["tests.integration.reply_fixtures"]

ALICE, BOB = "alice@example.com", "bob@example.com"
CARD = {"schema": "2.0", "body": {"elements": [{"tag": "markdown", "content": "Shall I?"}]}}


def bound(scene: Scene, about: str) -> BoundFeishu:
    """Return what one try of a turn has; the scene remembers what was sent."""
    return BoundFeishu(scene.feishu, cast("Turn", scene.memory), about)


async def said(scene: Scene, *words: str) -> list[str]:
    """Return which of some words the bot has said, as often as it has."""
    messages: list[dict[str, Any]] = await to_thread(scene.stage.messages)
    return [one["text"] for one in messages if one["text"] in words]


async def test_try_after_a_try_sends_only_what_was_not_sent(scene: Scene) -> None:
    await bound(scene, "b1").send_text(ALICE, "b1 one")

    again = bound(scene, "b1")
    await again.send_text(ALICE, "b1 one")
    await again.send_text(ALICE, "b1 two")

    assert await said(scene, "b1 one", "b1 two") == ["b1 one", "b1 two"]


async def test_send_that_was_never_noted_is_known_to_the_platform(scene: Scene) -> None:
    scene.memory.dies_at = "after send"
    with pytest.raises(Died):
        await bound(scene, "b2").send_text(ALICE, "b2")
    scene.memory.dies_at = ""

    await bound(scene, "b2").send_text(ALICE, "b2")

    assert await said(scene, "b2") == ["b2"]


async def test_receivers_may_come_in_another_order(scene: Scene) -> None:
    await bound(scene, "b3").send_text(ALICE, "b3 for alice")

    again = bound(scene, "b3")
    await again.send_text(BOB, "b3 for bob")
    await again.send_text(ALICE, "b3 for alice")

    words = ["b3 for alice", "b3 for bob"]
    assert await said(scene, *words) == words


async def test_same_words_may_be_said_twice(scene: Scene) -> None:
    feishu = bound(scene, "b4")

    sent = {await feishu.send_text(ALICE, "b4"), await feishu.send_text(ALICE, "b4")}

    assert len(sent) == 2
    assert await said(scene, "b4") == ["b4", "b4"]


async def test_everything_can_be_sent_and_replied_to(scene: Scene) -> None:
    feishu = bound(scene, "b5")

    post = await feishu.send(ALICE, "**b5**")
    card = await feishu.send_card(ALICE, CARD)
    reply = await feishu.reply_text(card, "b5 reply")

    messages = {one["message_id"]: one for one in await to_thread(scene.stage.messages)}
    assert messages[post]["msg_type"] == "post"
    assert messages[card]["msg_type"] == "interactive"
    assert messages[reply]["parent_id"] == card


async def test_refusal_is_raised(scene: Scene) -> None:
    feishu = bound(scene, "b6")
    await scene.fault("http_error", "POST /open-apis/im/v1/messages", status=400, code=230099)

    with pytest.raises(CardRefused):
        await feishu.send_card(ALICE, CARD)
    with pytest.raises(FeishuRejected):
        await feishu.reply_text("om_gone", "b6")
    with pytest.raises(ValueError, match="no id"):
        await feishu.send_text("two words", "b6")
