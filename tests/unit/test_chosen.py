from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ingress.health import Health
from ingress.metrics import Metrics
from ingress.sources.chosen import chosen
from ingress.sources.long_connection import LongConnection
from ingress.sources.webhook.webhook import Webhook
from shared.errors import ConfigurationError
from shared.feishu.transport import connected
from shared.settings import IngressSettings, read

if TYPE_CHECKING:
    from ingress.sources.source import Source

LOADED = "import sys, ingress.__main__; print(*sys.modules)"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, alone: None) -> None:
    monkeypatch.setenv("FEISHU_APP_ID", "cli_1")
    monkeypatch.setenv("FEISHU_APP_SECRET", "hush")


def kinds() -> list[type[Source]]:
    """Read the settings, build what they choose, and tell what that is."""
    settings, health = read(IngressSettings), Health()

    async def built() -> list[Source]:
        async with connected(settings.feishu.domain) as transport:
            return chosen(settings, transport, Metrics(health), health)

    return [type(source) for source in asyncio.run(built())]


def test_long_connection_is_the_way_unless_another_is_chosen() -> None:
    assert kinds() == [LongConnection]


def test_ways_are_built_in_the_order_they_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKSPUR_INGRESS__SOURCES", " webhook, long_connection,webhook ")
    monkeypatch.setenv("FEISHU_ENCRYPT_KEY", "a key")

    assert kinds() == [Webhook, LongConnection]


@pytest.mark.parametrize("names", ["webhok", "webhook,sdk2", ",", " ", "webhook sdk", "WEBHOOK"])
def test_name_of_no_way_is_refused_with_the_right_ones(
    monkeypatch: pytest.MonkeyPatch, names: str
) -> None:
    monkeypatch.setenv("LARKSPUR_INGRESS__SOURCES", names)

    with pytest.raises(ConfigurationError) as caught:
        read(IngressSettings)

    assert str(caught.value) == (
        "LARKSPUR_INGRESS__SOURCES: is to be one or more of long_connection, sdk, webhook"
    )


@pytest.mark.parametrize(
    "enough",
    [
        {"FEISHU_ENCRYPT_KEY": "a key"},
        {"FEISHU_VERIFICATION_TOKEN": "a token"},
        {"LARKSPUR_WEBHOOK__INSECURE": "true"},
    ],
)
def test_webhook_needs_a_key_a_token_or_leave_to_be_insecure(
    monkeypatch: pytest.MonkeyPatch, enough: dict[str, str]
) -> None:
    monkeypatch.setenv("LARKSPUR_INGRESS__SOURCES", "long_connection,webhook")

    with pytest.raises(ConfigurationError, match=r"FEISHU_ENCRYPT_KEY.*INSECURE"):
        read(IngressSettings)

    for name, value in enough.items():
        monkeypatch.setenv(name, value)
    assert "webhook" in read(IngressSettings).ingress.sources


def test_server_of_a_webhook_is_not_loaded_for_others() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True
    ).stdout.split()

    assert "ingress.sources.chosen" in loaded
    assert not {"uvicorn", "Crypto", "lark_oapi"} & {*loaded}
