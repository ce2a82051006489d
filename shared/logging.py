"""Structured logs: one event per line, named `area.what_happened`, everything else in fields."""

from __future__ import annotations

import json
import logging.config
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import orjson
import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from structlog.typing import EventDict, Processor

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
Format = Literal["auto", "json", "pretty"]


def configure(*, level: Level = "INFO", format: Format = "auto") -> None:  # noqa: A002
    """Write our events, from `level` on, and other libraries' records, from WARNING on, to stdout.

    An event costs the ingress a few microseconds: ours are rendered straight to bytes, and only
    the others' records take the standard library's way through the same last steps.
    """
    before: list[Processor] = [structlog.contextvars.merge_contextvars, _headed]
    pretty = sys.stdout.isatty() if format == "auto" else format == "pretty"
    structlog.configure(
        processors=[*before, *(_pretty() if pretty else _json(_dumped))],
        logger_factory=(
            structlog.PrintLoggerFactory(sys.stdout)
            if pretty
            else structlog.BytesLoggerFactory(sys.stdout.buffer)
        ),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(_foreign(before, _pretty() if pretty else _json(_dumped_as_text)))


def _pretty() -> list[Processor]:
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def _json(dumps: Callable[..., str | bytes]) -> list[Processor]:
    return [_without_values, structlog.processors.JSONRenderer(dumps)]


def _dumped(fields: EventDict, **_: object) -> bytes:
    try:
        return orjson.dumps(fields, default=repr)
    except TypeError:  # half a surrogate pair, or a number beyond 64 bits
        return json.dumps(fields, default=repr).encode()


def _dumped_as_text(fields: EventDict, **_: object) -> str:
    return _dumped(fields).decode()


def _foreign(before: list[Processor], last: list[Processor]) -> dict[str, object]:
    """What the standard library's logging is told: one handler, for records that are not ours."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        "foreign_pre_chain": before,
    }
    handler = {
        "class": "logging.StreamHandler",
        "stream": "ext://sys.stdout",
        "formatter": "line",
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stdout": handler},
        "root": {"level": "WARNING", "handlers": ["stdout"]},
    }


_tracebacks = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def _without_values(logger: object, name: str, fields: EventDict) -> EventDict:
    """Tell where an exception came from, not what it says: that may quote a user."""
    if "exc_info" not in fields:
        return fields
    fields = _tracebacks(logger, name, fields)
    for stack in fields.get("exception", ()):
        stack.pop("exc_value", None)
        stack.pop("exc_notes", None)
    return fields


def _headed(_: object, method: str, fields: EventDict) -> EventDict:
    """Put what every line has first, so that a column of lines can be read."""
    return {
        "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "level": "error" if method == "exception" else method,
        "event": fields.pop("event"),
        **fields,
    }
