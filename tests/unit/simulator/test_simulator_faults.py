from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.faults.api_faults import HttpError, LostAnswer, Slow
from simulator.faults.fault import FaultError
from simulator.faults.faults import MOST, Faults
from simulator.faults.gateway_faults import Silence
from simulator.faults.order import KINDS, Aim, FaultOrder, order_in_flag, order_of

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import FakeClock, Platform

MESSAGES = "/open-apis/im/v1/messages"


def test_fault_happens_as_often_as_ordered(clock: FakeClock) -> None:
    faults = Faults(clock)
    faults.add(HttpError(status=503), count=2)

    taken = [faults.take(HttpError) for _ in range(3)]

    assert taken == [HttpError(status=503), HttpError(status=503), None]
    assert not faults.any


def test_fault_expires_by_itself(clock: FakeClock) -> None:
    faults = Faults(clock)
    faults.add(Silence(), count=None, lasts=30.0)

    clock.advance(29)
    still = faults.take(Silence)
    clock.advance(1)

    assert still is not None
    assert faults.take(Silence) is None
    assert faults.standing() == []


@pytest.mark.parametrize(
    ("where", "happening", "hit"),
    [
        (Aim(), {}, True),
        (Aim(chat_id="oc_1"), {"chat_id": "oc_1"}, True),
        (Aim(chat_id="oc_1"), {"chat_id": "oc_2"}, False),
        (Aim(chat_id="oc_1"), {}, False),
        (Aim(event_type="message"), {"event_type": "message"}, True),
        (Aim(app_id="cli_1", chat_id="oc_1"), {"app_id": "cli_1", "chat_id": "oc_2"}, False),
        (Aim(api=MESSAGES), {"api": f"POST {MESSAGES}/{{message_id}}/reply"}, True),
        (Aim(api=f"POST {MESSAGES}"), {"api": f"POST {MESSAGES}"}, True),
        (Aim(api=f"GET {MESSAGES}"), {"api": f"POST {MESSAGES}"}, False),
        (Aim(api=f"GET {MESSAGES}"), {"api": MESSAGES}, True),
        (Aim(api="/open-apis/cardkit"), {"api": f"POST {MESSAGES}"}, False),
    ],
)
def test_aim_covers_what_it_names(
    clock: FakeClock, where: Aim, happening: dict[str, str], hit: bool
) -> None:
    faults = Faults(clock)
    faults.add(LostAnswer(), where)

    assert (faults.take(LostAnswer, **happening) is not None) is hit


def test_missed_shots_are_not_spent(clock: FakeClock) -> None:
    faults = Faults(clock)
    faults.add(LostAnswer(), Aim(chat_id="oc_1"))

    faults.take(LostAnswer, chat_id="oc_2")

    assert faults.take(LostAnswer, chat_id="oc_1") is not None


def test_oldest_fault_is_taken_first(clock: FakeClock) -> None:
    faults = Faults(clock)
    faults.add(HttpError(status=500))
    faults.add(HttpError(status=502))

    first, second = faults.take(HttpError), faults.take("http_error")

    assert (first, second) == (HttpError(status=500), HttpError(status=502))


def test_withdrawn_fault_never_happens(clock: FakeClock) -> None:
    faults = Faults(clock)
    fault_id = faults.add(Slow(), count=None)

    assert faults.remove(fault_id)
    assert not faults.remove(fault_id)
    assert faults.take(Slow) is None


def test_faults_are_bounded(clock: FakeClock) -> None:
    faults = Faults(clock)
    for _ in range(MOST):
        faults.add(Slow())

    with pytest.raises(FaultError):
        faults.add(Slow())


def test_flag_is_read_with_aims_and_parameters() -> None:
    order = order_in_flag("http_error:status=502,count=3,lasts=60,api=/open-apis/im")

    expected = FaultOrder(HttpError(status=502), Aim(api="/open-apis/im"), 3, 60.0)
    assert order == expected


def test_seconds_belong_to_the_kind_that_has_them() -> None:
    slow = order_of({"kind": "slow", "seconds": 5})
    silence = order_of({"kind": "silence", "seconds": 5})

    assert (slow.fault, slow.lasts, slow.count) == (Slow(seconds=5.0), None, 1)
    assert (silence.fault, silence.lasts, silence.count) == (Silence(), 5.0, None)


@pytest.mark.parametrize(
    "flag",
    [
        "",
        "nonsense",
        "slow:seconds",
        "slow:seconds=fast",
        "slow:speed=1",
        "slow:count=0",
        "slow:count=-1",
        "slow:lasts=nan",
        "slow:lasts=inf",
        "discovery:hang=perhaps",
        "http_error:status=1e400",
    ],
)
def test_malformed_fault_is_refused(flag: str) -> None:
    with pytest.raises(FaultError):
        order_in_flag(flag)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": 7},
        {"kind": "slow", "where": []},
        {"kind": "slow", "where": {"planet": "earth"}},
        {"kind": "slow", "where": {"chat_id": 7}},
        {"kind": "slow", "seconds": [1]},
        {"kind": "http_error", "status": True},
        {"kind": "slow", "count": {}},
        {"flag": 7},
    ],
)
async def test_malformed_fault_over_http_is_a_400(platform: Platform, asked: Any) -> None:
    async with platform.http.post(f"{platform.url}/_sim/faults", json=asked) as response:
        assert response.status == 400
        assert "error" in await response.json()


async def test_fault_is_ordered_listed_and_withdrawn_over_http(platform: Platform) -> None:
    asked = {"kind": "slow", "where": {"chat_id": "oc_1"}, "count": 2, "seconds": 1.5}

    ordered = await platform.post("/_sim/faults", asked)
    listed = await platform.get("/_sim/faults")
    async with platform.http.delete(f"{platform.url}/_sim/faults") as response:
        cleared = await response.json()

    assert listed == [
        {
            "fault_id": ordered["fault_id"],
            "kind": "slow",
            "where": {"chat_id": "oc_1"},
            "count": 2,
            "lasts": None,
            "taken": 0,
            "seconds": 1.5,
        }
    ]
    assert cleared == {"cleared": 1}
    assert await platform.get("/_sim/faults") == []


async def test_every_kind_is_told_with_its_defaults(platform: Platform) -> None:
    kinds = await platform.get("/_sim/faults/kinds")

    assert {each["kind"] for each in kinds} == set(KINDS)
    for each in kinds:
        assert order_of({"kind": each["kind"], **each["parameters"]}).fault == KINDS[each["kind"]]()
