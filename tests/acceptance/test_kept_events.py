"""Events of other kinds: acked whatever they are, kept unless told not to, some in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from redis import Redis

from shared.model.ids import ConversationId
from tests.acceptance.outages import KEYS, mails, order
from tests.eventually import eventually

if TYPE_CHECKING:
    from shared.model.mail import Mail
    from tests.stage import Stage

pytestmark = pytest.mark.simulator("--ack-deadline", "60")

MENU = "application.bot.menu_v6"
INSTANCE = "81D31358-93AF-92D6-7425-01A5D67C4E71"
LINE = f"approval:{INSTANCE}"
STORY = (
    ("approval_instance", "PENDING"),
    ("approval.task.status_changed_v4", "PENDING"),
    ("approval_task", "APPROVED"),
    ("approval.instance.status_changed_v4", "APPROVED"),
    ("approval.instance.trip_group_update_v4", "APPROVED"),
    ("approval_instance", "REVERTED"),
)


def test_kind_that_nobody_keeps_is_acked_and_counted(stage: Stage) -> None:
    stage.start_ingress(LARKSPUR_INGRESS__KEEP="approval_instance")

    event_id = fire(stage, MENU)

    assert acks(stage, [event_id]) == [200]
    assert stage.metric('larkspur_deliveries_total{event_type="other",verdict="ignored"}') == 1
    assert sorted(order(stage, "KEYS *")) == [KEYS.format.encode(), KEYS.probe.encode()]


def test_kind_that_is_kept_by_name_is_stored_and_no_other(stage: Stage) -> None:
    stage.start_ingress(LARKSPUR_INGRESS__KEEP="moon.landed_v1, approval_instance")

    landed = push(stage, "moon.landed_v1")
    other = push(stage, "moon.left_v1")
    fire(stage, "approval_instance", instance_code=INSTANCE)

    assert [mail.event_type for mail in waiting(stage, f"event:{landed}", 1)] == ["moon.landed_v1"]
    assert [mail.event_type for mail in waiting(stage, LINE, 1)] == ["approval_instance"]
    assert acks(stage, [other]) == [200]
    assert mails(stage, f"event:{other}") == []


def test_everything_may_be_kept_and_is_done_with_where_nobody_handles_it(stage: Stage) -> None:
    stage.start_ingress()
    kept = [push(stage, "moon.landed_v1"), fire(stage, MENU, event_key="lunch")]
    for event_id in kept:
        waiting(stage, f"event:{event_id}", 1)

    worker = stage.start_worker()

    eventually(lambda: not any(mails(stage, f"event:{event_id}") for event_id in kept))
    eventually(lambda: worker.log().count('"reason":"no_handler"') == 1)
    assert [told["event_type"] for told in worker.events("event.noticed")] == [MENU]
    assert stage.answer(stage.say("hello")) == "You said: hello"


def test_ordered_events_are_acked_at_once_and_in_order_though_nobody_works(stage: Stage) -> None:
    stage.start_ingress()

    told = tell(stage)

    assert acks(stage, told) == [200] * len(told)
    assert [mail.event_id for mail in waiting(stage, LINE, len(told))] == told


def test_ordered_event_that_cannot_be_read_holds_up_neither_platform_nor_worker(
    stage: Stage,
) -> None:
    stage.start_ingress()
    told = tell(stage)
    waiting(stage, LINE, len(told))
    with Redis.from_url(stage.valkey.url) as redis:
        redis.lset(KEYS.mailbox(ConversationId(LINE)), 0, "unreadable")

    worker = stage.start_worker()

    worker.says("turn.abandoned")
    later = tell(stage)
    assert acks(stage, later) == [200] * len(later)
    eventually(lambda: len(worker.events("event.noticed")) == len(told) + len(later) - 1)
    assert order(stage, f"ZCARD {KEYS.dead_letters}") == 1


def test_ordered_events_that_redis_could_not_take_come_again_in_order(stage: Stage) -> None:
    stage.start_ingress()
    order(stage, "CLIENT PAUSE 600000 WRITE")

    told = tell(stage)
    assert acks(stage, told[:1]) == [500]
    order(stage, "CLIENT UNPAUSE")

    assert [mail.event_id for mail in waiting(stage, LINE, len(told))] == told


def tell(stage: Stage) -> list[str]:
    """Let all of an approval happen; return the ids of its events."""
    return [fire(stage, kind, instance_code=INSTANCE, status=status) for kind, status in STORY]


def fire(stage: Stage, kind: str, **given: Any) -> str:
    return str(stage.post(f"/_sim/events/{kind}", given)["event_id"])


def push(stage: Stage, kind: str) -> str:
    event = {"schema": "2.0", "header": {"event_type": kind}, "event": {}}
    return str(stage.post("/_sim/events", event)["event_id"])


def acks(stage: Stage, event_ids: list[str]) -> list[int | None]:
    """Return how the first delivery of each was acked, once all were."""

    def first() -> list[int | None]:
        found = [stage.get(f"/_sim/deliveries?event_id={event_id}") for event_id in event_ids]
        codes = [each[0]["ack_code"] for each in found if each]
        return codes if len(codes) == len(event_ids) and None not in codes else []

    return eventually(first)


def waiting(stage: Stage, conversation: str, count: int) -> list[Mail]:
    """Return the mail of a conversation once there is so much of it."""

    def enough() -> list[Mail]:
        found = mails(stage, conversation)
        return found if len(found) >= count else []

    return eventually(enough)
