from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
import structlog

from shared.logging import configure

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)
    logging.getLogger().handlers.clear()


def test_line_starts_with_when_how_grave_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level="INFO", format="json")

    structlog.get_logger("workers.turn").info("turn.begun", attempt=1)

    line = json.loads(capsys.readouterr().out)
    assert list(line) == ["timestamp", "level", "event", "attempt"]
    assert (line["level"], line["event"]) == ("info", "turn.begun")


def test_other_libraries_speak_through_the_same_formatter(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure(level="INFO", format="json")

    logging.getLogger("celery.worker").info("not heard")
    logging.getLogger("celery.worker").warning("heard %s", "once")

    assert json.loads(capsys.readouterr().out)["event"] == "heard once"


@pytest.mark.parametrize("error", [ValueError("what the user wrote")])
def test_exception_tells_its_place_and_not_its_words(
    capsys: pytest.CaptureFixture[str], error: ValueError
) -> None:
    configure(level="INFO", format="json")

    structlog.get_logger("workers.turn").error("turn.faulted", exc_info=error)

    said = capsys.readouterr().out
    assert json.loads(said)["exception"][0]["exc_type"] == "ValueError"
    assert "what the user wrote" not in said
