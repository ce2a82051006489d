"""Which limits a call is under (facts 3 and 4)."""

from __future__ import annotations

import pytest

from shared.feishu.call import Call, Priority
from shared.feishu.card_entity import CONTENT
from shared.feishu.client import REPLY
from shared.feishu.rates import Rates
from shared.settings import Limits

RATES = Rates(Limits())
CARD = {"card_id": "7355372766134157313", "element_id": "answer"}


def buckets(call: Call) -> dict[str, int]:
    return {rate.bucket: rate.at_most for rate in RATES.of(call)}


def test_reply_counts_for_its_api_and_its_chat() -> None:
    assert buckets(Call("POST", REPLY, {"message_id": "om_1"}, chat="oc_1")) == {
        f"POST {REPLY}": 50,
        f"POST {REPLY} minute": 1000,
        "chat oc_1": 5,
    }


def test_change_of_a_card_counts_for_its_api_and_the_card() -> None:
    found = buckets(Call("PUT", CONTENT, CARD))

    assert (found[f"PUT {CONTENT}"], found["card 7355372766134157313"]) == (50, 10)


def test_patched_message_has_a_limit_of_its_own() -> None:
    call = Call("PATCH", "/open-apis/im/v1/messages/:message_id", {"message_id": "om_1"})

    assert buckets(call)["message om_1"] == 5


def test_token_is_under_no_limit_of_ours() -> None:
    assert RATES.of(Call("POST", "/open-apis/auth/v3/tenant_access_token/internal")) == []


@pytest.mark.parametrize("higher", list(Priority)[:-1])
def test_every_priority_leaves_room_for_the_higher_ones(higher: Priority) -> None:
    def share(priority: Priority) -> int:
        return RATES.of(Call("POST", REPLY, {"message_id": "om_1"}, priority=priority))[1].share

    assert share(Priority.FINAL) == 1000
    assert share(Priority(higher + 1)) < share(higher)


def test_path_is_filled_in_and_what_fills_it_is_quoted() -> None:
    call = Call("GET", "/a/:one/b/:one_more", {"one": "x/../y", "one_more": "2"})

    assert (call.path, str(call)) == ("/a/x%2F..%2Fy/b/2", "GET /a/:one/b/:one_more")
