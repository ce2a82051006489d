"""Chaos finds what is wrong, if something is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chaos.judgement import Struck, at, judge, rescues, tag

SAID = {0: [tag(0, 0), tag(0, 1), tag(0, 2)], 1: [tag(1, 0)]}


def bot(text: str, *, final: bool = True) -> dict[str, Any]:
    return {"message_id": f"om_{text}", "sender": {"kind": "app"}, "text": text, "final": final}


def test_one_answer_each_in_order_is_right() -> None:
    collected = bot(f"You said: {tag(0, 0)}\n{tag(0, 1)}")

    found = judge(SAID, [collected, bot(tag(1, 0)), bot(tag(0, 2))])

    assert (found.sent, found.answered, found.wrong) == (4, 4, [])


@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        ([tag(0, 0), tag(0, 1), tag(0, 2)], {"lost": [tag(1, 0)]}),
        ([tag(0, 0), tag(0, 2), tag(0, 1), tag(1, 0)], {"reordered": [tag(0, 1)]}),
        ([tag(0, 0), tag(0, 1), tag(0, 1), tag(0, 2), tag(1, 0)], {"doubled": [tag(0, 1)]}),
    ],
)
def test_what_is_wrong_is_named(shown: list[str], wrong: dict[str, list[str]]) -> None:
    found = judge(SAID, [bot(text) for text in shown])

    kinds = ("lost", "reordered", "doubled", "unfinished")
    assert {kind: getattr(found, kind) for kind in kinds if getattr(found, kind)} == wrong


def test_card_that_still_looks_as_if_it_were_written_is_unfinished() -> None:
    found = judge({1: [tag(1, 0)]}, [bot(tag(1, 0), final=False)])

    assert found.unfinished == [f"om_{tag(1, 0)}"]


def line(event: str, second: int, fence: int, conversation: str = "oc_1") -> dict[str, Any]:
    timestamp = f"2026-03-20T00:00:{second:02}+00:00"
    return {"event": event, "timestamp": timestamp, "fence": fence, "conversation": conversation}


def test_rescue_is_from_the_strike_to_the_next_turn_unless_redis_was_away() -> None:
    theirs = [
        line("turn.begun", 1, 1),
        line("turn.begun", 2, 2, "oc_2"),
        line("turn.replied", 3, 2),
    ]
    moment = at(line("", 4, 0))
    others = [line("turn.begun", 15, 3), line("turn.begun", 16, 4, "oc_2")]

    found = rescues([Struck(moment, theirs)], theirs + others, outages=[])
    away = rescues([Struck(moment, theirs)], theirs + others, outages=[(moment + 1, moment + 2)])

    assert found.seconds == [11.0]
    assert away.seconds == []
