"""Whose messages are answered, by the rules alone."""

from __future__ import annotations

from typing import Any

import pytest

from shared.feishu.messages import read_message
from shared.model.ids import OpenId
from tests.factories import BOT, MENTION_OF_BOT, message, payload
from workers.policy.admission import asks_departments, is_out, refusal, wants
from workers.policy.rules import Rules

ME = OpenId(BOT)
ALICE = "ou_alice"  # who sends whatever the factory makes
MENTION_OF_BOB = {"key": "@_user_1", "id": {"open_id": "ou_bob"}, "name": "Larkspur"}
UNKNOWN = None


def wanted(rules: dict[str, Any] | None = None, **what: Any) -> bool:
    return wants(read_message(payload(message(**what))), ME, Rules.model_validate(rules or {}))


def in_group(text: str = "@_user_1 hello", **what: Any) -> dict[str, Any]:
    return {"text": text, "chat_type": "group", **what}


ALWAYS = {"groups": {"answers": "always"}}
AT_ALL = {"groups": {"at_all": True}}


def test_everything_said_to_the_bot_alone_is_wanted() -> None:
    assert wanted(text="hello")


def test_group_is_answered_when_the_bot_is_mentioned_by_its_id() -> None:
    assert wanted(**in_group(mentions=[MENTION_OF_BOT]))
    assert not wanted(**in_group(mentions=[MENTION_OF_BOB]))
    assert not wanted(**in_group("@Larkspur hello"))


def test_group_may_be_answered_always() -> None:
    assert wanted(ALWAYS, **in_group("hello"))
    assert wanted({"chat": {"oc_chat": {"answers": "always"}}}, **in_group("hello"))
    assert not wanted({"chat": {"oc_other": {"answers": "always"}}}, **in_group("hello"))


def test_chat_may_be_quieter_than_the_others() -> None:
    quiet = {**ALWAYS, "chat": {"oc_chat": {"answers": "mentioned"}}}

    assert not wanted(quiet, **in_group("hello"))


@pytest.mark.parametrize("rules", [{}, ALWAYS])
def test_mention_of_everybody_does_not_mean_the_bot(rules: dict[str, Any]) -> None:
    assert not wanted(rules, **in_group("@_all hello"))


def test_mention_of_everybody_means_the_bot_where_it_is_to() -> None:
    key = {"key": "@_all", "id": {"open_id": ""}, "name": "all"}

    assert wanted(AT_ALL, **in_group("@_all hello"))
    assert wanted(AT_ALL, **in_group("@_all hello", mentions=[key]))
    assert not wanted(AT_ALL, **in_group("@_all "))


def test_mention_of_the_bot_beside_everybody_counts() -> None:
    assert wanted(**in_group("@_all @_user_1 hello", mentions=[MENTION_OF_BOT]))


def test_mention_alone_says_nothing() -> None:
    assert not wanted(**in_group("@_user_1 ", mentions=[MENTION_OF_BOT]))


@pytest.mark.parametrize("rules", [{}, ALWAYS])
@pytest.mark.parametrize("chat_type", ["p2p", "group"])
def test_bots_are_never_wanted(rules: dict[str, Any], chat_type: str) -> None:
    what = {"chat_type": chat_type, "mentions": [MENTION_OF_BOT]}

    assert not wanted(rules, text="@_user_1 hello", sender_type="app", **what)


def test_bot_does_not_answer_itself() -> None:
    itself = read_message(payload(message()))

    assert not wants(itself, itself.sender, Rules())


def refused(
    rules: dict[str, Any],
    *,
    chat_type: str = "p2p",
    departments: set[str] | None = UNKNOWN,
) -> str | None:
    known = None if departments is None else frozenset(departments)
    said = read_message(payload(message(chat_type=chat_type)))
    return refusal(said, Rules.model_validate(rules), known)


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ({}, None),
        ({"allow": [ALICE]}, None),
        ({"allow": ["ou_bob"]}, "unlisted"),
        ({"block": ["ou_bob"]}, None),
        ({"block": [ALICE]}, "blocked"),
        ({"allow": [ALICE], "block": [ALICE]}, "blocked"),
    ],
)
@pytest.mark.parametrize("chat_type", ["p2p", "group"])
def test_people_are_listed_and_block_wins(
    people: dict[str, Any], reason: str | None, chat_type: str
) -> None:
    assert refused({"people": people}, chat_type=chat_type) == reason


@pytest.mark.parametrize(
    ("people", "departments", "reason"),
    [
        ({"departments": ["od-1"]}, {"od-1", "od-2"}, None),
        ({"departments": ["od-1"]}, {"od-2"}, "unlisted"),
        ({"departments": ["od-1"]}, UNKNOWN, "unlisted"),
        ({"departments": ["od-1"], "allow": [ALICE]}, UNKNOWN, None),
        ({"departments": ["od-1"], "block": [ALICE]}, {"od-1"}, "blocked"),
        ({"block_departments": ["od-1"]}, {"od-2"}, None),
        ({"block_departments": ["od-1"]}, {"od-1"}, "blocked"),
        ({"block_departments": ["od-1"]}, UNKNOWN, "blocked"),
        ({"block_departments": ["od-1"], "departments": ["od-2"]}, {"od-1", "od-2"}, "blocked"),
    ],
)
def test_who_works_where_counts_and_who_is_unknown_stays_out(
    people: dict[str, Any], departments: set[str] | None, reason: str | None
) -> None:
    assert refused({"people": people}, departments=departments) == reason


@pytest.mark.parametrize(
    ("chats", "reason"),
    [
        ({}, None),
        ({"allow": ["oc_chat"]}, None),
        ({"allow": ["oc_other"]}, "chat_unlisted"),
        ({"block": ["oc_chat"]}, "chat_blocked"),
        ({"allow": ["oc_chat"], "block": ["oc_chat"]}, "chat_blocked"),
    ],
)
def test_chats_are_listed_and_only_groups_are(chats: dict[str, Any], reason: str | None) -> None:
    assert refused({"chats": chats}, chat_type="group") == reason
    assert refused({"chats": chats}) is None


def test_admin_is_kept_out_by_no_list() -> None:
    everything = {
        "admins": [ALICE],
        "people": {"allow": ["ou_bob"], "block": [ALICE], "block_departments": ["od-1"]},
        "chats": {"block": ["oc_chat"]},
    }

    assert refused(everything, chat_type="group") is None


def test_departments_are_asked_for_only_if_rules_name_some() -> None:
    assert not asks_departments(Rules.model_validate({"people": {"allow": [ALICE]}}))
    assert asks_departments(Rules.model_validate({"people": {"departments": ["od-1"]}}))
    assert asks_departments(Rules.model_validate({"people": {"block_departments": ["od-1"]}}))


@pytest.mark.parametrize(
    ("people", "out"),
    [
        ({"block": [ALICE]}, True),
        ({"allow": ["ou_bob"]}, True),
        ({"allow": ["ou_bob"], "departments": ["od-1"]}, False),
        ({"block_departments": ["od-1"]}, False),
        ({"departments": ["od-1"], "block_departments": ["od-1", "od-2"]}, True),
    ],
)
def test_who_is_out_wherever_they_work_is_known_at_once(people: dict[str, Any], out: bool) -> None:
    said = read_message(payload(message()))

    assert is_out(said, Rules.model_validate({"people": people})) == out
