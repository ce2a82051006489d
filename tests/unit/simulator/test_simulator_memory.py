from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.gateway.tickets import TICKET_LIFE, Tickets
from simulator.ids import ChatId, ConnectionId, MessageId, fresh_message_id
from simulator.openapi.tokens import Tokens
from simulator.openapi.uuids import Uuids
from simulator.world.messages import Message, Messages, Place, Revision, Sender, SenderKind
from simulator.world.people import make_app

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import FakeClock

HOUR = 3600.0


def message(parent_id: MessageId | None = None) -> Message:
    return Message(
        message_id=fresh_message_id(),
        chat_id=ChatId("oc_1"),
        sender=Sender(SenderKind.APP, "cli_1", "Larkspur"),
        msg_type="text",
        revisions=[Revision('{"text":"x"}')],
        place=Place(parent_id=parent_id),
    )


def test_oldest_messages_fall_off() -> None:
    kept = Messages(keep=3)
    sent = [message() for _ in range(5)]

    for each in sent:
        kept.add(each)

    assert len(kept) == 3
    assert kept.get(sent[1].message_id) is None
    assert kept.newest(10) == sent[2:]


def test_replies_are_forgotten_with_their_parent() -> None:
    kept = Messages(keep=2)
    parent = message()
    kept.add(parent)
    kept.add(message(parent.message_id))
    assert len(kept.bot_replies(parent.message_id)) == 1

    kept.add(message(parent.message_id))
    kept.add(message(parent.message_id))

    assert kept.bot_replies(parent.message_id) == []


def test_uuid_is_remembered_for_an_hour(clock: FakeClock) -> None:
    uuids = Uuids(clock, keep=10)
    sent = message()
    uuids.remember("u1", sent)

    clock.advance(HOUR - 1)
    within = uuids.sent("u1")
    clock.advance(1)

    assert within is sent
    assert uuids.sent("u1") is None


def test_uuids_are_bounded(clock: FakeClock) -> None:
    uuids = Uuids(clock, keep=2)

    for uuid in ("u1", "u2", "u3"):
        uuids.remember(uuid, message())

    assert uuids.sent("u1") is None
    assert uuids.sent("u3") is not None


def test_token_is_the_same_while_half_an_hour_is_left(clock: FakeClock) -> None:
    tokens = Tokens(make_app("cli_0123456789abcdef", "s", "Larkspur"), clock)
    first, _ = tokens.issue()

    clock.advance(1.5 * HOUR)

    assert tokens.issue() == (first, HOUR / 2)


def test_two_tokens_are_valid_in_the_last_half_hour(clock: FakeClock) -> None:
    tokens = Tokens(make_app("cli_0123456789abcdef", "s", "Larkspur"), clock)
    first, _ = tokens.issue()
    clock.advance(1.5 * HOUR + 1)

    second, left = tokens.issue()

    assert second != first
    assert left == 2 * HOUR
    assert tokens.is_valid(first)
    assert tokens.is_valid(second)
    clock.advance(HOUR / 2)
    assert not tokens.is_valid(first)


def test_ticket_is_good_once_and_for_a_minute(clock: FakeClock) -> None:
    tickets = Tickets(clock)
    used, stale = tickets.issue(ConnectionId("c1")), tickets.issue(ConnectionId("c2"))

    assert tickets.redeem(used) == "c1"
    assert tickets.redeem(used) is None
    clock.advance(TICKET_LIFE)
    assert tickets.redeem(stale) is None
