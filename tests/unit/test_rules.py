"""What a rules file may say, and how its faults are told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from shared.errors import ConfigurationError
from shared.model.ids import ChatId, OpenId
from workers.policy.reading import read_rules
from workers.policy.rules import ChatRules, ChatTable, Limit, Rules

ROOT = Path(__file__).parents[2]
CHAT, OTHER = ChatId("oc_1"), ChatId("oc_2")
WHOLE = """
admins = ["ou_boss"]
[people]
allow = ["ou_alice"]
block = ["ou_bob"]
departments = ["od-1"]
block_departments = ["od-2"]
[chats]
allow = ["oc_1"]
block = ["oc_2"]
[groups]
answers = "mentioned"
at_all = true
[chat.oc_1]
answers = "always"
at_all = false
instructions = "Speak in rhymes."
model = "gpt-5"
[rate]
per_minute = 20
[budget]
user_tokens = 200000
user_money = 0.25
chat_money = 5
[commands]
model = "admins"
"""


def read(text: str) -> Rules:
    Path("rules.toml").write_text(text)
    return read_rules(Path("rules.toml"))


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    return str(caught.value).splitlines()


def test_empty_file_asks_for_nothing() -> None:
    assert read("") == Rules()


def test_one_chat_differs_and_all_others_do_not() -> None:
    rules = read(WHOLE)

    assert rules.of(CHAT) == ChatRules("always", False, "Speak in rhymes.", "gpt-5")
    assert rules.of(OTHER) == ChatRules("mentioned", True, None, "")


def test_money_is_counted_in_millionths() -> None:
    budget = read(WHOLE).budget

    assert budget.user == Limit(200_000, 250_000)
    assert budget.chat == Limit(None, 5_000_000)
    assert budget.tenant == Limit(None, None)


def test_command_is_for_everybody_unless_it_is_for_admins() -> None:
    rules = read(WHOLE)

    assert rules.may(OpenId("ou_alice"), "help")
    assert not rules.may(OpenId("ou_alice"), "model")
    assert rules.may(OpenId("ou_boss"), "model")


def test_instructions_may_lie_beside_the_file() -> None:
    Path("prompt.md").write_text("讲中文。\n")

    rules = read('[chat.oc_1]\ninstructions_file = "prompt.md"')

    assert rules.of(CHAT).instructions == "讲中文。"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[groups]\nanswer = "always"', "groups.answer: no such key; did you mean answers?"),
        ("[poeple]\nallow = []", "poeple: no such key; did you mean people?"),
        ("[chat.oc_1]\natall = true", "chat.oc_1.atall: no such key; did you mean at_all?"),
        ('[groups]\nanswers = "never"', "groups.answers: Input should be 'mentioned' or 'always'"),
        ("[rate]\nper_minute = 0", "rate.per_minute: Input should be greater than 0"),
        (
            'admins = ["alice"]',
            r"admins[0]: String should match pattern '^ou_[0-9A-Za-z_]+$'",
        ),
        ("[chat.alice]", r"chat.alice: String should match pattern '^oc_[0-9A-Za-z_]+$'"),
        (
            '[chat.oc_1]\ninstructions = ""\ninstructions_file = "prompt.md"',
            "chat.oc_1: instructions or instructions_file, not both",
        ),
        (
            "[budget]\nuser_money = inf",
            "budget.user_money: Input should be less than or equal to 1000000000",
        ),
        (
            '[chat.oc_1]\ninstructions_file = "none.md"',
            "none.md: No such file or directory",
        ),
    ],
)
def test_fault_is_told_in_a_line_with_its_place(text: str, fault: str) -> None:
    assert faults(text) == [f"LARKSPUR_RULES: rules.toml: {fault}"]


def test_every_fault_has_a_line() -> None:
    assert len(faults("[rate]\nper_hour = 1\n[budget]\nuser_money = -1")) == 2


def test_what_is_no_toml_is_told_with_the_line() -> None:
    (fault,) = faults("\nadmins = 1 2")

    assert fault.startswith("LARKSPUR_RULES: rules.toml: ")
    assert "line 2" in fault


def test_what_is_nested_too_deep_is_a_fault() -> None:
    assert len(faults("admins = " + "[" * 10_000)) == 1


def test_file_that_is_not_there_is_a_fault() -> None:
    with pytest.raises(ConfigurationError, match=r"rules\.toml: No such file"):
        read_rules(Path("rules.toml"))


def test_page_about_the_rules_names_every_key_and_is_right() -> None:
    page = (ROOT / "docs" / "rules.md").read_text()
    found = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert found
    example = found[1].replace("...", "1")

    rules = read(example)

    said = tomllib.loads(example)
    tables = {name: dict(table) for name, table in rules if isinstance(table, BaseModel)}
    assert said.keys() == Rules.model_fields.keys()
    assert all(said[name].keys() == table.keys() for name, table in tables.items())
    assert all(f"\n{key} = " in example or f"\n# {key} = " in example for key in dict(ChatTable()))
