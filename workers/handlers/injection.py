"""What a declared function is given: told by its parameters, and known when it is loaded."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from inspect import Parameter
from types import NoneType, SimpleNamespace, UnionType
from typing import TYPE_CHECKING, Any, Final, Union, get_args, get_origin, get_type_hints

import structlog
from structlog.typing import BindableLogger, FilteringBoundLogger

from shared.model.message import MessageReceived
from shared.model.schedule import Due
from workers.handlers.bound import BoundFeishu
from workers.handlers.events.event import Event
from workers.handlers.message_turn import MessageTurn
from workers.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workers.handlers.declaring import Kind

WORDS: Final = (str, int, float, bool)
"""What an argument of a command can be."""

_GIVEN: Final[dict[Kind, tuple[str, ...]]] = {
    "event": ("event", "feishu", "turn", "log"),
    "card_action": ("action", "event", "feishu", "turn", "log"),
    "command": ("turn", "message", "event", "feishu", "log"),
    "message": ("turn", "message", "event", "feishu", "log"),
    "schedule": ("due", "feishu", "turn", "log"),
}
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "event": (Event,),
    "action": (Event,),
    "feishu": (BoundFeishu,),
    "turn": (Turn, MessageTurn),
    "message": (MessageReceived,),
    "due": (Due,),
    "log": (BindableLogger, FilteringBoundLogger, structlog.stdlib.BoundLogger),
}
_IN_A_ROW: Final = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
_UNKNOWN: Final = object()


class Unfit(Exception):
    """A function asks for what it cannot be given; the message is for who wrote it."""


@dataclass(frozen=True, slots=True)
class Injected:
    """A parameter that is given one of the things above, which is called `given`."""

    parameter: Parameter
    given: str


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter that a command takes from the words behind it."""

    parameter: Parameter
    type: type

    @property
    def optional(self) -> bool:
        return self.parameter.default is not Parameter.empty

    @property
    def takes_the_rest(self) -> bool:
        return self.parameter.kind is Parameter.VAR_POSITIONAL


def injected(
    function: Callable[..., Any], kind: Kind, event: type[Event]
) -> tuple[Injected | Argument, ...]:
    """Return what each parameter of a function is given.

    `event` is the class of what it is told of. One that has a default may be given nothing.

    Raises:
        Unfit: something cannot be given to it.
    """
    found: list[Injected | Argument] = []
    for parameter in inspect.signature(function).parameters.values():
        wanted = _annotation(function, parameter)
        given = _given(parameter, wanted, kind, event)
        if given is not None:
            found.append(Injected(parameter, given))
        elif kind == "command":
            found.append(_argument(parameter, wanted))
        elif parameter.default is Parameter.empty or parameter.kind is Parameter.POSITIONAL_ONLY:
            raise Unfit(f"{parameter} cannot be given; there are: {', '.join(_GIVEN[kind])}")
    return tuple(found)


def given_to(
    parameters: tuple[Injected | Argument, ...],
    things: Mapping[str, Any],
    arguments: Mapping[str, Any],
) -> tuple[list[Any], dict[str, Any]]:
    """Return what a function is called with: in a row where it must be, else by name."""
    row: list[Any] = []
    named: dict[str, Any] = {}
    kinds = {each.parameter.kind for each in parameters}
    in_a_row = _IN_A_ROW if Parameter.VAR_POSITIONAL in kinds else (Parameter.POSITIONAL_ONLY,)
    for each in parameters:
        name, kind = each.parameter.name, each.parameter.kind
        value = things[each.given] if isinstance(each, Injected) else arguments[name]
        if kind is Parameter.VAR_POSITIONAL:
            row += value
        elif kind in in_a_row:
            row.append(value)
        else:
            named[name] = value
    return row, named


def _annotation(function: Callable[..., Any], parameter: Parameter) -> Any:
    """Return the type that is meant; what was imported for type checkers alone is not known."""
    written = parameter.annotation
    if written is Parameter.empty:
        return Any
    names = inspect.unwrap(function).__globals__
    try:
        hints = get_type_hints(SimpleNamespace(__annotations__={"it": written}), names)
    except (NameError, AttributeError):
        return _UNKNOWN
    except (SyntaxError, TypeError) as error:
        raise Unfit(f"{parameter}: {error}") from error
    return _without_none(hints["it"])


def _without_none(wanted: Any) -> Any:
    some = _options(wanted)
    return some[0] if len(some) == 1 else wanted


def _options(wanted: Any) -> list[Any]:
    """Return the types that a type allows for, but for None."""
    if get_origin(wanted) not in (Union, UnionType):
        return [wanted]
    return [each for each in get_args(wanted) if each is not NoneType]


def _given(parameter: Parameter, wanted: Any, kind: Kind, event: type[Event]) -> str | None:
    """Return which of the things a parameter is: by its type, or without one by its name."""
    if parameter.kind not in (*_IN_A_ROW, Parameter.KEYWORD_ONLY):
        return None
    if wanted is Any or wanted is _UNKNOWN:
        return parameter.name if parameter.name in _GIVEN[kind] else None
    types = [each for each in _options(wanted) if isinstance(each, type)]
    _require_fitting(parameter, types, event)
    _require_fitting(parameter, types, _turn_of(kind))
    is_event = any(issubclass(each, Event) for each in types)
    for name in _named_first(parameter.name, _GIVEN[kind]):
        if any(each in _TYPES[name] for each in types) or (is_event and Event in _TYPES[name]):
            return name
    return None


def _require_fitting(parameter: Parameter, types: list[type], comes: type) -> None:
    """Refuse another event than what comes, and another turn.

    Raises:
        Unfit: something else comes.
    """
    of_its_family = Event if issubclass(comes, Event) else (Turn, MessageTurn)
    asked = [each for each in types if issubclass(each, of_its_family)]
    if asked and not any(issubclass(comes, each) for each in asked):
        raise Unfit(f"{parameter}: what comes is a {comes.__name__}")


def _turn_of(kind: Kind) -> type[Turn | MessageTurn]:
    return MessageTurn if kind in ("command", "message") else Turn


def _named_first(name: str, names: tuple[str, ...]) -> Iterator[str]:
    yield from sorted(names, key=lambda each: each != name)


def _argument(parameter: Parameter, wanted: Any) -> Argument:
    if wanted is Any:
        wanted = str
    if wanted not in WORDS:
        words = ", ".join(each.__name__ for each in WORDS)
        raise Unfit(
            f"{parameter} is no argument of a command (those are {words}), and cannot be given;"
            f" there are: {', '.join(_GIVEN['command'])}"
        )
    if parameter.kind in (Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD):
        raise Unfit(f"{parameter}: arguments of a command come in a row, without names")
    return Argument(parameter, wanted)
