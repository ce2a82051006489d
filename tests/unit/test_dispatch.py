"""Who handles which event: the bot itself, or what the team has declared."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from structlog.testing import capture_logs

from shared.feishu.cards import button
from shared.model.ids import AppId, ConversationId, MessageId
from shared.model.outcome import Ignored
from shared.model.target import Target
from tests.events import ACTION, ALICE, USER, mail_of, v1, v2
from workers.handlers.chosen import by_type
from workers.handlers.declaring import On
from workers.handlers.loading import registry_of

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.model.outcome import Outcome
    from shared.store.greetings import Greetings
    from workers.turn import Turn

RECALLED = v2("im.message.recalled_v1", {"message_id": "om_1", "chat_id": "oc_1"})


class Noted:
    """A handler that only notes that it was asked, among what others have noted."""

    def __init__(self, name: str, heard: list[Any]) -> None:
        self._name = name
        self._heard = heard

    async def handle(self, _: Turn) -> Outcome:
        self._heard.append(self._name)
        return Ignored(self._name)

    async def apologise(self, _: Turn) -> None:
        """Nobody waits."""


class Dispatched:
    """All handlers, of which those that need Redis or Feishu only note that they were asked."""

    def __init__(self, on: On, heard: list[str] | None = None) -> None:
        self.heard = [] if heard is None else heard
        self._handler = by_type(
            registry_of(on.declared),
            cast("Feishu", SimpleNamespace(app_id=AppId("cli_1"))),
            cast("Greetings", None),
            messages=Noted("message", self.heard),
            presses=Noted("press", self.heard),
            recalls=Noted("recall", self.heard),
            menu=Noted("menu", self.heard),
        )

    async def handle(self, raw: dict[str, Any]) -> Outcome:
        turn = SimpleNamespace(mails=[mail_of(raw)])
        return await self._handler.handle(cast("Turn", turn))


@pytest.fixture
def on() -> On:
    return On()


def pressed(action: dict[str, Any]) -> dict[str, Any]:
    return v2("card.action.trigger", {**ACTION, "action": {"tag": "button", **action}})


async def test_function_is_given_the_event_that_it_is_declared_for(on: On) -> None:
    heard = []

    @on("contact.user.created_v3")
    async def welcome(event, times=1, feishu=None, *, turn, log) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        heard.append((event.user.name, times, feishu.api.app_id, bool(turn.mails), log is not None))

    outcome = await Dispatched(on).handle(v2("contact.user.created_v3", {"object": USER}))

    assert outcome == Ignored("handled")
    assert heard == [("Alice", 1, "cli_1", True, True)]


@pytest.mark.parametrize(
    ("action", "handled"),
    [
        ({"value": {"action": "approve"}}, "handled"),
        ({"name": "approve"}, "handled"),
        ({"value": {"action": "reject"}, "name": "approve"}, "handled"),
        ({"value": {"action": "reject"}}, "not_ours"),
        ({"value": "approve"}, "not_ours"),
    ],
)
async def test_press_is_for_who_is_declared_under_its_name(
    on: On, action: dict[str, Any], handled: str
) -> None:
    @on.card_action("approve")
    async def approve(action: Any) -> None:
        assert action.operator.open_id == "ou_alice"

    assert await Dispatched(on).handle(pressed(action)) == Ignored(handled)


async def test_press_of_the_bots_own_button_is_not_for_the_team(on: On) -> None:
    @on.card_action("stop")
    async def stop() -> None:
        raise AssertionError

    target = Target(MessageId("om_1"), ConversationId("oc_1"))
    value = button("Stop", "stop", target)["behaviors"][0]["value"]
    dispatched = Dispatched(on)

    await dispatched.handle(pressed({"value": {**value, "action": "stop"}}))

    assert dispatched.heard == ["press"]


async def test_recall_stops_the_answer_before_the_team_hears_of_it(on: On) -> None:
    heard: list[str] = []

    @on("im.message.recalled_v1")
    async def recalled(event: Any) -> None:
        heard.append(event.message_id)

    dispatched = Dispatched(on, heard)
    await dispatched.handle(RECALLED)

    assert heard == ["recall", "om_1"]


async def test_team_stands_in_for_what_the_bot_would_do(on: On) -> None:
    @on("im.chat.member.bot.added_v1")
    async def added(event: Any) -> None: ...

    body = {"chat_id": "oc_1", "operator_id": ALICE}

    assert await Dispatched(on).handle(v2("im.chat.member.bot.added_v1", body)) == Ignored(
        "handled"
    )


async def test_message_of_either_generation_is_a_message(on: On) -> None:
    dispatched = Dispatched(on)

    await dispatched.handle(v2("im.message.receive_v1", {}))
    await dispatched.handle(v1("message", {}))

    assert dispatched.heard == ["message", "message"]


async def test_event_of_a_kind_that_nobody_handles_is_done_with(on: On) -> None:
    assert await Dispatched(on).handle(v2("moon.landed_v1", {})) == Ignored("no_handler")


async def test_event_is_noticed_by_ids_alone(on: On) -> None:
    approval = {"instance_code": "A-1", "status": "APPROVED", "form": "a secret"}
    odd = {"instance_code": "a secret, with spaces", "status": "PENDING"}

    with capture_logs() as logs:
        for raw in (
            v2("contact.user.created_v3", {"object": USER}),
            v1("approval_instance", approval),
            v1("approval_instance", odd),
        ):
            assert await Dispatched(on).handle(raw) == Ignored("noticed")

    told = [{key: one[key] for key in one if key not in ("log_level", "event")} for one in logs]
    assert told == [
        {"event_type": "contact.user.created_v3", "user": "ou_alice"},
        {"event_type": "approval_instance", "instance_code": "A-1", "status": "APPROVED"},
        {"event_type": "approval_instance", "status": "PENDING"},
    ]


async def test_schedule_runs_what_is_declared_for_it(on: On) -> None:
    heard = []

    @on.schedule("digest")
    async def digest(due: Any) -> None:
        heard.append((due.name, due.at))

    raw = v2("larkspur.schedule", {"name": "digest", "at": 1.0})

    assert await Dispatched(on).handle(raw) == Ignored("handled")
    assert heard == [("digest", 1.0)]


async def test_schedule_without_a_handler_is_told_of(on: On) -> None:
    raw = v2("larkspur.schedule", {"name": "digest", "at": 1.0})

    with capture_logs() as logs:
        assert await Dispatched(on).handle(raw) == Ignored("schedule_unhandled")

    assert [(one["event"], one["schedule"]) for one in logs] == [("schedule.unhandled", "digest")]
