"""A question on a simulator, and the workers that reply to it."""

from __future__ import annotations

from asyncio import to_thread
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shared.feishu.call import Call
from shared.feishu.public_web import public_web
from shared.feishu.transport import connected
from shared.model.draft import Draft
from shared.model.ids import ConversationId, MessageId
from shared.model.target import Target
from shared.open_api import open_api
from shared.settings import Feishu as FeishuSettings
from shared.settings import Limits
from shared.store.keys import Keys
from shared.store.picture_keys import PictureKeys
from tests.eventually import soon
from tests.stage import APP_ID, APP_SECRET, Stage
from workers.replies.card import LONGEST, CardReply
from workers.replies.delivery import Delivery
from workers.replies.forms import Forms
from workers.replies.pictures import Pictures
from workers.replies.plain import PlainReply
from workers.replies.sheets import Sheets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from shared.feishu.client import Feishu
    from shared.store.connection import Store

CARDS = "/open-apis/cardkit/v1/cards"
CARD = f"{CARDS}/{{card_id}}"
CREATE = f"POST {CARDS}"
REPLACE = f"PUT {CARD}"
SETTINGS = f"PATCH {CARD}/settings"
WRITE = f"PUT {CARD}/elements/{{element_id}}/content"
REPLY = "POST /open-apis/im/v1/messages/{message_id}/reply"
ALWAYS = None
NONE = 1_000_000
UNLIMITED = Limits(per_second=NONE, per_minute=NONE, per_chat=NONE, per_card=NONE)


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
        self._step("keep message" if draft.messages else "keep card")
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

    def __init__(
        self, stage: Stage, feishu: Feishu, pictures: Pictures, question: MessageId
    ) -> None:
        self.stage = stage
        self.feishu = feishu
        self.pictures = pictures
        self.question = question
        self.conversation = ConversationId("oc_conversation")
        self.memory = Memory()
        self.forms = Forms()

    @property
    def target(self) -> Target:
        return Target(self.question, self.conversation)

    def reply(self, *, generation: int = 0, longest: float = LONGEST) -> CardReply:
        """Return a worker's reply, from whatever is remembered of the one before."""
        draft = replace(self.memory.draft, generation=generation)
        delivery = Delivery(self.feishu, self.target, self.memory)
        return CardReply(
            Sheets(self.feishu, delivery, self.forms, draft, self.memory.keep),
            PlainReply(delivery, self.forms),
            self.pictures,
            self.target,
            place=self.feishu.gate.place,
            interval=0.01,
            longest=longest,
        )

    def plain(self) -> PlainReply:
        """Return a worker's reply that has no cards."""
        return PlainReply(Delivery(self.feishu, self.target, self.memory), self.forms)

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
        api = "/open-apis/card/v1/interactions/read"
        call = Call("POST", api, body={"card_id": self.memory.draft.cards[0]})
        state = await self.feishu.perform(call)
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
async def scene_on(stage: Stage, store: Store, limits: Limits) -> AsyncIterator[Scene]:
    settings = FeishuSettings(
        app_id=APP_ID,  # type: ignore[arg-type]
        app_secret=APP_SECRET,  # type: ignore[arg-type]
        domain=stage.simulator_url,
    )
    async with connected(stage.simulator_url) as transport, public_web(allowed=anywhere) as web:
        question = await to_thread(stage.say, "a question")
        feishu = open_api(transport, store, Keys(settings.app_id), settings, limits)
        pictures = Pictures(feishu, web, PictureKeys(store, Keys(settings.app_id)))
        yield Scene(stage, feishu, pictures, MessageId(question))


def anywhere(_: str, __: int) -> bool:
    """Let pass what the public web never is: a server on loopback."""
    return True


def buttons(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the values of the buttons that a card shows."""
    elements = answer["card"]["body"]["elements"]
    return [each["behaviors"][0]["value"] for each in elements if each["tag"] == "button"]
