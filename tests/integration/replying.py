"""A question on a simulator, and the workers that reply to it."""

from __future__ import annotations

from asyncio import to_thread
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from shared.feishu.client import Feishu
from shared.feishu.transport import connected
from shared.model.draft import Draft
from shared.model.ids import ConversationId, MessageId
from shared.settings import Feishu as FeishuSettings
from tests.eventually import soon
from tests.stage import APP_ID, APP_SECRET, Stage
from workers.replies.card import CardReply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

CARDS = "/open-apis/cardkit/v1/cards"
CARD = f"{CARDS}/{{card_id}}"
CREATE = f"POST {CARDS}"
REPLACE = f"PUT {CARD}"
SETTINGS = f"PATCH {CARD}/settings"
WRITE = f"PUT {CARD}/elements/{{element_id}}/content"
REPLY = "POST /open-apis/im/v1/messages/{message_id}/reply"
ALWAYS = None


class Died(Exception):
    """A worker is gone from one line to the next."""


class Memory:
    """What the workers of one question remember of it: the draft, and what was sent.

    `dies_at` names a step at which the worker dies instead of taking it; one that begins with
    "after" is a send that was made and never entered.
    """

    def __init__(self) -> None:
        self.draft = Draft()
        self.drafts: list[Draft] = []
        self.sent: dict[str, MessageId] = {}
        self.dies_at = ""

    async def keep(self, draft: Draft) -> None:
        self._step("keep message" if draft.message else "keep card")
        self.draft = draft
        self.drafts.append(draft)

    async def once(self, key: str, send: Callable[[], Awaitable[MessageId]]) -> MessageId:
        if key not in self.sent:
            self._step("send")
            message = await send()
            self._step("after send")
            self.sent[key] = message
        return self.sent[key]

    def _step(self, name: str) -> None:
        if self.dies_at == name:
            raise Died


class Scene:
    """A chat in which somebody asked something."""

    def __init__(self, stage: Stage, feishu: Feishu, question: MessageId) -> None:
        self.stage = stage
        self.feishu = feishu
        self.question = question
        self.conversation = ConversationId("oc_conversation")
        self.memory = Memory()

    def reply(self, *, generation: int = 0) -> CardReply:
        """Return a worker's reply, from whatever is remembered of the one before."""
        draft = self.memory.draft
        return CardReply(
            self.feishu,
            self.question,
            self.conversation,
            in_thread=False,
            draft=Draft(draft.card, draft.message, generation),
            keep=self.memory.keep,
            sent=self.memory,
            interval=0.01,
        )

    async def answers(self) -> list[dict[str, Any]]:
        """Return the bot's messages that answer the question, as a user sees them."""
        messages = await to_thread(self.stage.messages)
        return [each for each in messages if each["parent_id"] == self.question]

    async def answer(self) -> dict[str, Any]:
        """Return the only one."""
        (answer,) = await self.answers()
        return answer

    async def shows(self, text: str) -> None:
        """Wait until the only answer says this among other things."""

        async def shown() -> bool:
            return any(text in each["text"] for each in await self.answers())

        await soon(shown)

    async def sequence(self) -> int:
        """Return the sequence of the last change of the card."""
        path = "/open-apis/card/v1/interactions/read"
        state = await self.feishu.call("POST", path, {"card_id": self.memory.draft.card})
        return int(state["data"]["sequence"])

    async def codes(self) -> list[int]:
        """Return what the last calls were answered, oldest first."""
        calls = await to_thread(self.stage.get, "/_sim/calls?limit=20")
        return [call["code"] for call in calls]

    async def fault(self, kind: str, api: str, *, count: int | None = 1, **asked: Any) -> None:
        order = {"kind": kind, "count": count, "where": {"api": api}, **asked}
        answer = await to_thread(self.stage.post, "/_sim/faults", order)
        assert "fault_id" in answer, answer

    async def clear_faults(self) -> None:
        await to_thread(self.stage.delete, "/_sim/faults")

    async def unspent_faults(self) -> list[Any]:
        """Return the faults that did not happen as often as they were ordered."""
        standing: list[Any] = await to_thread(self.stage.get, "/_sim/faults")
        return standing


@asynccontextmanager
async def scene_on(stage: Stage) -> AsyncIterator[Scene]:
    settings = FeishuSettings(
        app_id=APP_ID,  # type: ignore[arg-type]
        app_secret=APP_SECRET,  # type: ignore[arg-type]
        domain=stage.simulator_url,
    )
    async with connected(stage.simulator_url) as transport:
        question = await to_thread(stage.say, "a question")
        yield Scene(stage, Feishu(transport, settings), MessageId(question))


def buttons(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the values of the buttons that a card shows."""
    elements = answer["card"]["body"]["elements"]
    return [each["behaviors"][0]["value"] for each in elements if each["tag"] == "button"]
