from __future__ import annotations

from typing import Any

import pytest

from workers.handlers.arguments import Misuse, parse_arguments
from workers.handlers.declared import Declared
from workers.handlers.events import Event
from workers.handlers.injection import injected


async def weather(turn: Any, city: str) -> None: ...


async def remind(turn: Any, minutes: int, text: str = "time is up") -> None: ...


async def rate(stars: float, public: bool, *rest: str) -> None: ...


async def total(*numbers: int) -> None: ...


async def plain(turn, word) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001


async def nothing() -> None: ...


async def between(name: str, count: int, note: str | None = None) -> None: ...


def declared(function: Any) -> Declared:
    parameters = injected(function, "command", Event)
    return Declared("command", function.__name__, function, parameters)


@pytest.mark.parametrize(
    ("function", "text", "arguments"),
    [
        (weather, " Beijing ", {"city": "Beijing"}),
        (weather, "New  York", {"city": "New  York"}),
        (weather, '"New York"', {"city": "New York"}),
        (weather, "it's 5 o'clock", {"city": "it's 5 o'clock"}),
        (remind, "5", {"minutes": 5, "text": "time is up"}),
        (remind, "5 drink some tea", {"minutes": 5, "text": "drink some tea"}),
        (rate, "4.5 yes", {"stars": 4.5, "public": True, "rest": []}),
        (rate, "4 否 so “so so”", {"stars": 4.0, "public": False, "rest": ["so", "so so"]}),
        (total, "1 2 3", {"numbers": [1, 2, 3]}),
        (total, "", {"numbers": []}),
        (plain, "hello there", {"word": "hello there"}),
        (nothing, "", {}),
        (between, "“A B” 2", {"name": "A B", "count": 2, "note": None}),
    ],
)
def test_words_become_arguments(function: Any, text: str, arguments: dict[str, Any]) -> None:
    assert parse_arguments(declared(function), text) == arguments


@pytest.mark.parametrize(
    ("function", "text", "synopsis"),
    [
        (weather, "", "/weather <city>"),
        (remind, "soon", "/remind <minutes> [text]"),
        (rate, "nan yes", "/rate <stars> <public> [rest…]"),
        (rate, "4 perhaps", "/rate <stars> <public> [rest…]"),
        (total, "1 two", "/total [numbers…]"),
        (nothing, "at all", "/nothing"),
    ],
)
def test_words_that_do_not_fit_are_answered_with_the_usage(
    function: Any, text: str, synopsis: str
) -> None:
    assert parse_arguments(declared(function), text) == Misuse(synopsis)


def test_usage_is_said_in_the_language_of_who_asks() -> None:
    usage = Misuse("/weather <city>")

    assert usage.said("en") == "Usage: `/weather <city>`"
    assert usage.said("zh") == "用法：`/weather <city>`"


async def test_function_is_called_with_what_it_asked_for() -> None:
    heard: list[Any] = []

    async def note(turn: Any, a: int, *rest: str, log: Any) -> None:
        heard.extend([turn, a, rest, log is not None])

    command = declared(note)
    arguments = parse_arguments(command, "1 two three")
    assert not isinstance(arguments, Misuse)

    await command.call({"turn": "the turn", "feishu": "unused"}, arguments)

    assert heard == ["the turn", 1, ("two", "three"), True]
