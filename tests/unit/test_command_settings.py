from __future__ import annotations

import pytest

from shared.errors import ConfigurationError
from shared.settings import WorkerSettings, read


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, alone: None) -> None:
    for name in ("FEISHU_APP_SECRET", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "hush")
    monkeypatch.setenv("FEISHU_APP_ID", "cli_1")


def test_command_line_is_split_as_by_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKSPUR_COMMAND__RUN", "claude --model 'a b' \"$HOME\" ; ls")
    monkeypatch.setenv("LARKSPUR_COMMAND__ENVIRONMENT", "ANTHROPIC_API_KEY, CI")

    command = read(WorkerSettings).command

    assert command.run == ("claude", "--model", "a b", "$HOME", ";", "ls")
    assert command.environment == ("ANTHROPIC_API_KEY", "CI")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("RUN", "claude '"),
        ("FORMAT", "json"),
        ("SECONDS", "0"),
        ("ENVIRONMENT", "CI,REDIS_URL"),
        ("ENVIRONMENT", "FEISHU_APP_SECRET"),
        ("ENVIRONMENT", "LARKSPUR_FLOWER__PASSWORD"),
    ],
)
def test_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, setting: str, value: str) -> None:
    monkeypatch.setenv(f"LARKSPUR_COMMAND__{setting}", value)

    with pytest.raises(ConfigurationError, match=f"LARKSPUR_COMMAND__{setting}: "):
        read(WorkerSettings)
