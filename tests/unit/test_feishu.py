from __future__ import annotations

import pytest

from shared.errors import (
    CredentialsRejected,
    FeishuRateLimited,
    FeishuRejected,
    FeishuUnavailable,
    LarkspurError,
)
from shared.feishu.client import idempotency_key
from shared.feishu.endpoint import ClientConfig, Endpoint
from shared.feishu.refusals import fault_of
from shared.model.ids import AppId, MessageId


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, 99991400, FeishuRateLimited),
        (400, 99991400, FeishuRateLimited),
        (400, 230020, FeishuRateLimited),
        (200, 1000040343, FeishuUnavailable),
        (200, 1, FeishuUnavailable),
        (502, 5, FeishuUnavailable),
        (400, 230049, FeishuUnavailable),
        (200, 1000040346, CredentialsRejected),
        (200, 10014, CredentialsRejected),
        (400, 230002, FeishuRejected),
    ],
)
def test_code_is_sorted_by_what_to_do(status: int, code: int, kind: type[LarkspurError]) -> None:
    assert type(fault_of(status, code, "said")) is kind


def test_wait_that_feishu_names_is_kept() -> None:
    fault = fault_of(429, 99991400, "slow", reset=52.0)

    assert isinstance(fault, FeishuRateLimited)
    assert fault.retry_after == 52.0


def test_refusal_names_its_code_and_log_id() -> None:
    assert str(fault_of(400, 230002, "Bot not in chat", log_id="2026X")) == (
        "230002: Bot not in chat (log id 2026X)"
    )


@pytest.mark.parametrize(
    "pushed",
    [
        None,
        [],
        {},
        {"PingInterval": 0},
        {"PingInterval": -5},
        {"PingInterval": "90"},
        {"PingInterval": True},
        {"PingInterval": None},
    ],
)
def test_absurd_config_changes_nothing(pushed: object) -> None:
    config = ClientConfig(ping_interval=33.0)

    assert config.updated(pushed) == config


def test_partial_config_changes_its_part_within_bounds() -> None:
    config = ClientConfig(reconnect_interval=7.0).updated({"PingInterval": 10**9})

    assert (config.ping_interval, config.reconnect_interval) == (600.0, 7.0)


def test_endpoint_does_not_print_its_ticket() -> None:
    endpoint = Endpoint("wss://host/?ticket=hush", 1, "device", ClientConfig())

    assert "hush" not in repr(endpoint)


def test_idempotency_key_is_stable_short_and_its_own_for_every_part() -> None:
    keys = [
        idempotency_key(AppId("cli_1"), MessageId(message), part)
        for message, part in [("om_1", "answer"), ("om_1", "answer"), ("om_1", "sorry")]
    ]

    assert keys[0] == keys[1] != keys[2]
    assert all(len(key) <= 50 for key in keys)
