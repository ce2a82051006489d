"""The official channel, unmodified, as a program: it answers each message in a streamed card.

    sdk_channel.py URL APP_ID APP_SECRET

Prints `ready BOT_OPEN_ID` once it is connected, `answered MESSAGE_ID` for each message it has
answered, and `pressed VALUE` for each button a user has pressed.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from lark_oapi.channel import FeishuChannel

BUTTON = {
    "tag": "button",
    "text": {"tag": "plain_text", "content": "OK"},
    "behaviors": [{"type": "callback", "value": {"choice": "yes"}}],
}


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


class Answering:
    """Types "You said: ..." into a card, a word at a time; asked for a button it sends one."""

    def __init__(self, channel: FeishuChannel) -> None:
        self._channel = channel

    async def message(self, message: Any) -> None:
        if message.content_text == "button":
            card = {"schema": "2.0", "body": {"elements": [BUTTON]}}
            sent = await self._channel.send(message.chat_id, {"card": card})
        else:
            sent = await self._stream(message)
        say("answered", sent.message_id)

    async def press(self, event: Any) -> None:
        say("pressed", event.action.value["choice"])

    async def _stream(self, message: Any) -> Any:
        async def produce(stream: Any) -> None:
            spoken = ""
            for word in f"You said: {message.content_text}".split(" "):
                spoken = f"{spoken} {word}".strip()
                await stream.set_content(spoken)

        reply = {"reply_to": message.message_id}
        return await self._channel.stream(message.chat_id, {"markdown": produce}, reply)


async def main(url: str, app_id: str, app_secret: str) -> None:
    channel = FeishuChannel(app_id=app_id, app_secret=app_secret, domain=url)
    answering = Answering(channel)
    channel.on("message", answering.message)
    channel.on("cardAction", answering.press)
    await channel.start_background(timeout=30)
    say("ready", channel.bot_identity.open_id)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
