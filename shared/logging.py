"""Structured logs: one event per line, named `area.what_happened`, everything else in fields."""

from __future__ import annotations

import logging.config
import sys
from typing import Literal

import structlog

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
Format = Literal["auto", "json", "pretty"]


def configure(*, level: Level = "INFO", format: Format = "auto") -> None:  # noqa: A002
    """Render our events and other libraries' records through one formatter, onto stdout.

    Other libraries are heard from WARNING on.
    """
    before: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": _formatter(format, before)},
            "handlers": {
                "stdout": {
                    "class": "logging.StreamHandler",
                    "stream": "ext://sys.stdout",
                    "formatter": "line",
                }
            },
            "root": {"level": "WARNING", "handlers": ["stdout"]},
            "loggers": {room: {"level": level} for room in ("ingress", "workers", "shared")},
        }
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _formatter(chosen: Format, before: list[structlog.typing.Processor]) -> dict[str, object]:
    pretty = sys.stdout.isatty() if chosen == "auto" else chosen == "pretty"
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if pretty
        else [_without_values, _in_order, structlog.processors.JSONRenderer()]
    )
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        "foreign_pre_chain": before,
    }


_tracebacks = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def _without_values(
    logger: object, name: str, fields: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Tell where an exception came from, not what it says: that may quote a user."""
    fields = _tracebacks(logger, name, fields)
    for stack in fields.get("exception", ()):
        stack.pop("exc_value", None)
        stack.pop("exc_notes", None)
    return fields


def _in_order(_: object, __: str, fields: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Put what every line has first, so that a column of lines can be read."""
    first = {name: fields.pop(name) for name in ("timestamp", "level", "event") if name in fields}
    return {**first, **fields}
