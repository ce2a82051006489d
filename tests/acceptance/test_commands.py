"""What begins with a slash is done, and not asked of the model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.eventually import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stage import Stage


def test_commands_do_what_help_says(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker(LARKSPUR_MODEL__CHOICES="other")

    help_ = ask(stage, "/help")
    ask(stage, "one")
    before = ask(stage, "two")
    usage = ask(stage, "/usage")
    status = ask(stage, "/status")
    new = ask(stage, "/NEW")
    after = ask(stage, "three")
    ask(stage, "/model oth")
    model = ask(stage, "/model")
    shown = stage.shown(stage.say("four"))
    meant = ask(stage, "/hepl")
    path = ask(stage, "/etc/hosts")

    for name in ("/help", "/new", "/stop", "/model", "/usage", "/status", "/retry"):
        assert name in help_
    assert before == "You said: two (message 2 of this conversation)"
    assert re.search(r"You, today \| [1-9]", usage)
    assert "exchanges remembered: 2" in status
    assert "forgotten" in new
    assert after == "You said: three"
    assert model.startswith("`other` answers here")
    assert "other · " in shown
    assert "Did you mean `/help`?" in meant
    assert path.startswith("You said: /etc/hosts")


def test_bot_answers_in_the_language_of_who_asks(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()

    assert "忘记" in ask(stage, "/new", user="bob", before="你好")
    assert "没有可以重试的内容" in ask(stage, "/retry 再来")


def test_item_of_the_menu_runs_the_command_it_is_called_after(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()

    stage.post("/_sim/events/application.bot.menu_v6", {"event_key": "help"})

    eventually(lambda: any("/status" in one["text"] for one in stage.messages()))


def test_retry_answers_the_last_question_anew(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()
    question = stage.say("one")
    stage.answer(question)

    assert ask(stage, "/retry") == "I try again."

    eventually_two(stage, question)


def test_commands_for_administrators_are_for_nobody_else(stage: Stage, tmp_path: Path) -> None:
    alice = open_id(stage, "alice")
    rules = tmp_path / "rules.toml"
    rules.write_text(f'admins = ["{alice}"]\n[commands]\nmodel = "admins"\n')
    stage.start_ingress()
    stage.start_worker(LARKSPUR_RULES=str(rules))

    assert "Only an administrator" in ask(stage, "/model x", user="bob")
    assert "/model" not in ask(stage, "/help", user="bob")
    assert "/model" in ask(stage, "/help")


def ask(stage: Stage, text: str, *, user: str = "alice", before: str = "") -> str:
    if before:
        stage.answer(stage.say(before, user=user))
    return stage.answer(stage.say(text, user=user))


def open_id(stage: Stage, name: str) -> str:
    people: list[dict[str, Any]] = stage.get("/_sim/world")["users"]
    return next(str(one["open_id"]) for one in people if one["name"] == name)


def eventually_two(stage: Stage, question: str) -> None:
    eventually(lambda: len(stage.answers(question)) == 2)
