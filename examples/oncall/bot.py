"""Who is on call, on a card with a button to take over. It is kept in the bot's own Redis."""

import datetime as dt
import os

import redis.asyncio as redis

from workers.handlers import on

ROTA = os.environ.get("ROTA", "alice,bob").split(",")
KEY = "oncall:{example}"


def store():
    return redis.from_url(os.environ["REDIS_URL"], decode_responses=True)


async def on_call():
    """Return who is on call: whoever took over today, else whose week it is."""
    async with store() as kept:
        if taken := await kept.get(KEY):
            return taken
    week = dt.date.today().isocalendar().week
    return ROTA[week % len(ROTA)]


def card(name):
    button = {
        "tag": "button",
        "type": "primary",
        "text": {"tag": "plain_text", "content": "Take over"},
        "behaviors": [{"type": "callback", "value": {"action": "take_over"}}],
    }
    text = {"tag": "markdown", "content": f"**{name}** is on call."}
    return {"schema": "2.0", "body": {"elements": [text, button]}}


@on.command("oncall", help="who is on call")
async def show(turn, feishu):
    await feishu.send_card(turn.chat, card(await on_call()))


@on.card_action("take_over")
async def take_over(action, feishu):
    name = f"<at id={action.operator.open_id}></at>"
    async with store() as kept:
        await kept.set(KEY, name, ex=24 * 3600)
    await feishu.send_card(action.chat_id, card(name))
