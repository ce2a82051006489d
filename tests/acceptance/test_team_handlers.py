"""What a team declares in ten lines is done, and the bot does by itself what nobody declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.acceptance.callbacks import send_card
from tests.eventually import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stage import Stage

HANDLERS = """
from __future__ import annotations

from workers.handlers import on

tries = 0

@on("contact.user.created_v3")
async def welcome(event, feishu):
    global tries
    tries += 1
    await feishu.send_text(event.user.open_id, f"Welcome, {event.user.name}!")
    if tries == 1:
        raise ZeroDivisionError

@on("approval_instance")
async def decided(event, feishu):
    await feishu.send("alice@example.com", f"**{event.status}**: {event.instance_code}")

@on.card_action("approve_expense")
async def approve(action, feishu):
    await feishu.reply_text(action.message_id, f"approved {action.value['id']}")

@on.message(contains="standup")
async def standup(turn): ...
"""


def test_events_are_handled_as_declared_or_else_by_the_bot_itself(
    stage: Stage, tmp_path: Path
) -> None:
    (tmp_path / "team_handlers.py").write_text(HANDLERS)
    stage.start_ingress()
    worker = stage.start_worker(LARKSPUR_HANDLERS="team_handlers")
    card = send_card(stage)
    action = {"tag": "button", "value": {"action": "approve_expense", "id": 7}}

    fire(stage, "contact.user.created_v3", name="Dora")
    fire(stage, "approval_instance", instance_code="A-1", status="APPROVED")
    stage.post("/_sim/press", {"user": "alice", "message_id": card, "action": action})
    fire(stage, "im.chat.member.bot.added_v1", chat="newcomers")
    fire(stage, "im.chat.access_event.bot_p2p_chat_entered_v1", user="bob")
    eventually(lambda: len(worker.events("turn.replied")) == 2)
    fire(stage, "im.chat.access_event.bot_p2p_chat_entered_v1", user="bob")
    fire(stage, "application.bot.menu_v6", event_key="lunch")

    worker.says('"reason":"greeted_before"')
    worker.says("event.noticed")
    eventually(lambda: len(worker.events("event.handled")) == 3)
    (fault,) = worker.events("turn.faulted")
    assert "ZeroDivisionError" in str(fault)
    assert sorted(texts(stage)) == [
        "**APPROVED**: A-1",
        "Welcome, Dora!",
        "approved 7",
        "你好！直接给我发消息就可以提问。\nHello! Just write to me to ask something.",
        "大家好！@我就可以提问。\nHello! Mention me to ask something.",
    ]
    assert stage.answer(say_as_long_ago(stage, "hello")) == "You said: hello"


def fire(stage: Stage, kind: str, **given: Any) -> None:
    fired = stage.post(f"/_sim/events/{kind}", given)
    assert "event_id" in fired, fired


def say_as_long_ago(stage: Stage, text: str) -> str:
    """Say something, and have the bot told by the event of the first generation."""
    said = {"user": "alice", "chat": "p2p", "text": text, "v1": True}
    return str(stage.post("/_sim/messages", said)["message_id"])


def texts(stage: Stage) -> list[str]:
    """Return what the bot has said, but for cards."""
    return [
        one["text"]
        for one in stage.messages()
        if one["sender"]["kind"] == "app" and not one["card"]
    ]
