"""Our admission beside the SDK's PolicyGate, over the policies that both can express.

What they decide differently is named here, and nothing else is.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import pytest

from shared.model.ids import ChatId, MessageId, OpenId
from shared.model.message import Mention, MessageReceived
from workers.policy.admission import refusal, wants
from workers.policy.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterator

BOT, CHAT = OpenId("ou_bot"), ChatId("oc_chat")
ADMIN, LISTED, OTHER = OpenId("ou_admin"), OpenId("ou_listed"), OpenId("ou_other")
MENTIONS: Final = {
    "": "hello",
    "bot": "@_user_1 hello",
    "all": "@_all hello",
    "both": "@_all @_user_1 hello",
}
UNASKED: Final = "an admin is let past lists, not manners: theirs answers what was not for it"
BLOCKED: Final = "who is blocked is blocked everywhere: theirs answers them in groups"
LISTS: Final = ("none", "allow", "block")
YES_OR_NO: Final = (False, True)


@dataclass(frozen=True, slots=True)
class Case:
    """A message, and a policy in neither one's words.

    `people` and `chats` say which kind of list there is; `here` whether the chat is on it.
    """

    chat_type: str
    sender: OpenId
    mention: str
    people: str
    chats: str
    here: bool
    always: bool
    at_all: bool
    always_here: bool | None
    at_all_here: bool | None


def cases() -> Iterator[Case]:
    senders = (ADMIN, LISTED, OTHER)
    manners = (YES_OR_NO, YES_OR_NO, (None, *YES_OR_NO), (None, *YES_OR_NO))
    where = (("p2p", "group"), senders, MENTIONS, LISTS, LISTS, YES_OR_NO)
    for values in product(*where, *manners):
        yield Case(*values)


def ours(case: Case) -> bool:
    by_kind = {"allow": {"allow": [LISTED]}, "block": {"block": [LISTED]}}
    listed = [CHAT if case.here else "oc_other"]
    answers = {None: None, False: "mentioned", True: "always"}
    rules = Rules.model_validate(
        {
            "admins": [ADMIN],
            "people": by_kind.get(case.people, {}),
            "chats": {} if case.chats == "none" else {case.chats: listed},
            "groups": {"answers": answers[case.always], "at_all": case.at_all},
            "chat": {CHAT: {"answers": answers[case.always_here], "at_all": case.at_all_here}},
        }
    )
    mentions = (Mention("@_user_1", BOT, "Larkspur"),) if case.mention in ("bot", "both") else ()
    message = MessageReceived(
        MessageId("om_1"),
        CHAT,
        "p2p" if case.chat_type == "p2p" else "group",
        in_thread=False,
        sender=case.sender,
        sent_by_user=True,
        text=MENTIONS[case.mention],
        mentions=mentions,
    )
    return wants(message, BOT, rules) and refusal(message, rules, frozenset()) is None


class Theirs:
    """The SDK's gate; imported only now: it takes seconds."""

    def __init__(self) -> None:
        self._gate = import_module("lark_oapi.channel.safety.policy_gate").PolicyGate
        self._config = import_module("lark_oapi.channel.config")
        self._types = import_module("lark_oapi.channel.types")

    def __call__(self, case: Case) -> bool:
        gate = self._gate(self._policy(case))
        gate.set_bot_open_id(BOT)
        allowed: bool = gate.evaluate(self._message(case)).allowed
        return allowed

    def _policy(self, case: Case) -> Any:
        kinds = {"none": "open", "allow": "allowlist", "block": "blocklist"}
        chats = [CHAT if case.here else "oc_other"]
        required_here = None if case.always_here is None else not case.always_here
        override = self._config.GroupOverride(
            require_mention=required_here, respond_to_mention_all=case.at_all_here
        )
        return self._config.PolicyConfig(
            dm_policy=kinds[case.people],
            group_policy=kinds[case.chats],
            require_mention=not case.always,
            respond_to_mention_all=case.at_all,
            allow_from=[LISTED] if case.people == "allow" else None,
            deny_from=[LISTED] if case.people == "block" else None,
            group_allowlist=chats if case.chats == "allow" else None,
            group_blocklist=chats if case.chats == "block" else None,
            admins=[ADMIN],
            group_overrides={CHAT: override},
        )

    def _message(self, case: Case) -> Any:
        mentions = [self._types.Mention("@_user_1", BOT)] if case.mention in ("bot", "both") else []
        return self._types.InboundMessage(
            "om_1",
            0,
            self._types.Conversation(CHAT, case.chat_type),
            self._types.Identity(case.sender),
            mentions=mentions,
            mentioned_all=case.mention in ("all", "both"),
        )


@pytest.fixture(scope="module")
def theirs() -> Theirs:
    return Theirs()


def difference(case: Case) -> str:
    """Name the reason for which a case is decided differently on purpose, or nothing."""
    if case.chat_type == "p2p":
        return ""
    if case.sender == ADMIN:
        return UNASKED
    if case.people == "block" and case.sender == LISTED:
        return BLOCKED
    return ""


def test_both_decide_alike_but_for_the_differences_that_are_named(theirs: Theirs) -> None:
    unlike = [case for case in cases() if ours(case) != theirs(case)]

    assert [case for case in unlike if not difference(case)] == []
    assert {difference(case) for case in unlike} == {UNASKED, BLOCKED}


def test_every_difference_is_that_ours_keeps_silent(theirs: Theirs) -> None:
    bolder = [case for case in cases() if ours(case) and not theirs(case)]

    assert bolder == []
