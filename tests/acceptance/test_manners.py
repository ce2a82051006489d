"""Who is answered, where, and how often: by a file of rules that is read again while it runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.eventually import eventually
from tests.factories import message

if TYPE_CHECKING:
    from pathlib import Path

    from tests.processes import Process
    from tests.stage import Stage

LONG_ENOUGH = 1.0
"""Seconds in which an answer would have come: the others take a tenth of that."""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text("")
    return path


def start(stage: Stage, rules: Path) -> Process:
    stage.start_ingress()
    return stage.start_worker(LARKSPUR_RULES=str(rules))


def tell(worker: Process, rules: Path, text: str) -> None:
    """Write other rules, and wait until they count."""
    before = len(worker.events("rules.loaded"))
    rules.write_text(text)
    eventually(lambda: len(worker.events("rules.loaded")) > before)


def people(stage: Stage) -> dict[str, str]:
    world: list[dict[str, Any]] = stage.get("/_sim/world")["users"]
    return {str(one["name"]): str(one["open_id"]) for one in world}


def test_rules_count_without_a_restart(stage: Stage, rules: Path) -> None:
    worker = start(stage, rules)
    unheard = [stage.say("not for you", chat="team"), stage.say("@_all hello", chat="team")]
    assert stage.answer(stage.say("@bot hello", chat="team")) == "You said: hello"

    tell(worker, rules, '[groups]\nanswers = "always"\n')
    assert stage.answer(stage.say("hi", chat="team")).startswith("You said: hi")

    tell(worker, rules, f'[people]\nblock = ["{people(stage)["bob"]}"]\n')
    unheard.append(stage.say("@bot me?", user="bob", chat="team"))
    assert "ask an administrator" in stage.answer(stage.say("me?", user="bob"))
    assert stage.answer(stage.say("and I?")).startswith("You said: and I?")

    rules.write_text("[people]\nblok = []\n")
    worker.says("no such key; did you mean block?")
    assert [stage.answers(each) for each in unheard] == [[], [], []]


def test_other_bots_are_never_answered(stage: Stage, rules: Path) -> None:
    worker = start(stage, rules)

    for number in range(3):
        stage.post("/_sim/events", message(f"I am a bot {number}", sender_type="app"))

    eventually(lambda: len(worker.events("turn.ignored")) == 3)
    assert stage.messages() == []


def test_who_asks_too_often_is_told_so_once(stage: Stage, rules: Path) -> None:
    rules.write_text("[rate]\nper_minute = 2\n")
    start(stage, rules)

    said = [stage.answer(stage.say(f"number {n}")) for n in range(3)]
    silent = stage.say("number 4")

    assert said[:2] == ["You said: number 0", "You said: number 1 (message 2 of this conversation)"]
    assert "try again in a minute" in said[2]
    assert stage.answer(stage.say("and I?", user="bob")) == "You said: and I?"
    time.sleep(LONG_ENOUGH)
    assert stage.answers(silent) == []


def test_budget_that_is_spent_is_a_polite_refusal(stage: Stage, rules: Path) -> None:
    rules.write_text("[budget]\nuser_tokens = 1\n")
    start(stage, rules)

    first = stage.answer(stage.say("one"))
    second = stage.answer(stage.say("two"))

    assert first == "You said: one"
    assert "your share for today" in second
    assert stage.answer(stage.say("and I?", user="bob")) == "You said: and I?"


@pytest.mark.parametrize(("scope", "remembered"), [("chat", 3), ("user", 2)])
def test_who_shares_a_past_is_a_setting(stage: Stage, scope: str, remembered: int) -> None:
    stage.start_ingress()
    stage.start_worker(LARKSPUR_HISTORY__SCOPE=scope)

    for user in ("alice", "bob"):
        stage.answer(stage.say(f"@bot I am {user}", user=user, chat="team"))
    last = stage.answer(stage.say("@bot me again", chat="team"))

    assert f"message {remembered} of this conversation" in last
