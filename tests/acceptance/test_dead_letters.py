"""Promise 8: what was given up on can be listed, read, replayed and dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.model.ids import ConversationId, LetterId
from tests.acceptance.callbacks import press_button
from tests.acceptance.mischief import ALWAYS, clear, order
from tests.acceptance.outages import KEYS
from tests.eventually import eventually

if TYPE_CHECKING:
    from redis import Redis

    from tests.acceptance.operator import Operator
    from tests.stage import Stage

ODD = b"\xff\x00 no entry \x1b]0;gotcha\x07\n\x9b31m"


def given_up(stage: Stage, *users: str) -> list[str]:
    """Have a message of each user abandoned; return the messages."""
    stage.start_ingress()
    worker = stage.start_worker()
    order(stage, "model_error", count=ALWAYS, status=400)
    said = [stage.say(f"private {user}", user=user) for user in users]
    eventually(lambda: len(worker.events("turn.abandoned")) == len(users))
    clear(stage)
    return said


def test_replayed_letter_is_answered_once(stage: Stage, operator: Operator) -> None:
    (question,) = given_up(stage, "alice")
    (letter,) = operator.letters(1)

    replayed = operator.ask("dead-letters", "replay", letter["id"])

    assert replayed == {"replayed": 1, "mail": 1, "gone": [], "failed": {}}
    eventually(lambda: "You said: private alice" in stage.answer(question))
    assert len(stage.answers(question)) == 1
    again = operator.run("dead-letters", "replay", letter["id"])
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert letter["id"] in again.err
    assert stage.answer(stage.say("and now?")).startswith("You said: and now?")
    assert stage.answer(question).count("You said") == 1


def test_all_are_replayed_and_each_is_answered_once(stage: Stage, operator: Operator) -> None:
    questions = given_up(stage, "alice", "bob", "carol")
    operator.letters(3)

    assert operator.ask("dead-letters", "replay", "--all")["replayed"] == 3

    for question in questions:
        eventually(lambda asked=question: "You said" in stage.answer(asked))  # type: ignore[misc]
        assert len(stage.answers(question)) == 1
    assert operator.ask("queue")["dead_letters"] == 0


def test_letter_that_cannot_be_answered_still_is_replayed_once(
    stage: Stage, operator: Operator
) -> None:
    given_up(stage, "alice")
    order(stage, "model_error", count=ALWAYS, status=400)
    (first,) = operator.letters(1)

    assert operator.ask("dead-letters", "replay", "--all")["replayed"] == 1

    def died_again() -> list[str]:
        letters = operator.ask("dead-letters", "list")["dead_letters"]
        return [one["id"] for one in letters if one["given_up_at"] > first["given_up_at"]]

    assert eventually(died_again) == [first["id"]]


def test_dropped_letter_is_gone_and_its_conversation_goes_on(
    stage: Stage, operator: Operator
) -> None:
    (question,) = given_up(stage, "alice")
    (letter,) = operator.letters(1)

    assert operator.ask("dead-letters", "drop", letter["id"], "--yes")["dropped"] == 1

    assert operator.ask("dead-letters", "list")["dead_letters"] == []
    (told,) = stage.answers(question)
    press_button(stage, told, "retry")
    assert stage.answer(stage.say("and now?")) == "You said: and now?"
    assert "Sorry" in stage.answer(question)


def test_nothing_is_dropped_that_was_not_meant(stage: Stage, operator: Operator) -> None:
    given_up(stage, "alice", "bob")
    operator.letters(2)

    alone = operator.run("dead-letters", "drop", "--all")
    declined = operator.answer_at_a_terminal("n", "dead-letters", "drop", "--all")

    assert (alone.code, "--yes" in alone.err) == (2, True)
    assert (declined.code, "Drop 2 dead letters" in declined.err) == (1, True)
    operator.letters(2)
    agreed = operator.answer_at_a_terminal("y", "dead-letters", "drop", "--all")
    assert (agreed.code, agreed.out) == (0, "dropped 2 dead letters\n")


def test_what_was_said_is_shown_only_to_who_asks_for_it(stage: Stage, operator: Operator) -> None:
    given_up(stage, "alice")
    (letter,) = operator.letters(1)

    discreet = [
        operator.run("dead-letters", *arguments)
        for arguments in (("list",), ("list", "--json"), ("show", letter["id"]))
    ]

    assert [(said.code, "private" in said.out) for said in discreet] == [(0, False)] * 3
    assert "private alice" in operator.run("dead-letters", "show", letter["id"], "--content").out


def test_mail_that_cannot_be_read_is_shown_without_what_a_terminal_obeys(
    stage: Stage, operator: Operator, redis: Redis
) -> None:
    chat = ConversationId("oc_odd")
    stage.start_worker()
    redis.rpush(KEYS.mailbox(chat), ODD)
    redis.zadd(KEYS.queue("turns").deferred, {chat: 1})

    (letter,) = operator.letters(1)

    said = operator.run("dead-letters", "show", letter["id"], "--content")
    assert said.code == 0
    assert r"\x00 no entry \x1b]0;gotcha\x07" in said.out
    assert_tame(said.out)
    (entry,) = operator.ask("dead-letters", "show", letter["id"], "--content")["entries"]
    assert (entry["event_id"], entry["bytes"]) == (None, len(ODD))


def test_odd_names_are_shown_without_what_a_terminal_obeys(
    stage: Stage, operator: Operator, redis: Redis
) -> None:
    name = LetterId("\x1b[2J\u202eevil")
    head = r'{"conversation": "oc_\u001b]0;gotcha\u0007", "reason": "\u009b31m"}'
    redis.zadd(KEYS.dead_letters, {name: 1})
    redis.hset(KEYS.dead_letter(name), mapping={"head": head, "mail:1": ODD})
    redis.zadd(KEYS.queue("turns").waking, {b"\xff\x1b[31m": 1})

    said = [
        operator.run("dead-letters", "list"),
        operator.run("dead-letters", "list", "--json"),
        operator.run("dead-letters", "show", name),
        operator.run("dead-letters", "list", "--conversation", "\x1b[1m"),
        operator.run("conversations", "list"),
        operator.run("conversations", "list", "--json"),
    ]

    assert [each.code for each in said] == [0] * len(said)
    for each in said:
        assert_tame(each.out)
    assert operator.run("dead-letters", "drop", name, "--yes").code == 0


def assert_tame(text: str) -> None:
    assert [each for each in text if not each.isprintable() and each != "\n"] == []
