"""Loading a team's modules: all that can be wrong with them is said before the worker starts."""

from __future__ import annotations

import inspect
import re
import sys
from typing import TYPE_CHECKING, Final

from shared.errors import ConfigurationError
from shared.feishu.events import CARD_PRESSED, MESSAGE_RECEIVED, V1_MESSAGE_RECEIVED
from shared.feishu.known_events import KNOWN_EVENTS, nearest
from shared.modules import members
from workers.handlers.declared import Declared, MessagePattern
from workers.handlers.declaring import on
from workers.handlers.events.card import CardAction
from workers.handlers.events.im import MessageReceived
from workers.handlers.events.reading import class_of
from workers.handlers.injection import Unfit, injected
from workers.handlers.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workers.handlers.declaring import Declaration, Kind
    from workers.handlers.events.event import Event

SETTING: Final = "LARKSPUR_HANDLERS"

_COMMAND: Final = re.compile(r"[^\W_][\w-]{0,31}")
_NAME: Final = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_TAKEN: Final = {
    "stop": "it stops an answer",
    "allow": "it gives leave",
    "deny": "it gives none",
}
_ELSEWHERE: Final = {
    MESSAGE_RECEIVED: "@on.message or @on.command",
    V1_MESSAGE_RECEIVED: "@on.message or @on.command",
    CARD_PRESSED: "@on.card_action",
}


def load(modules: Sequence[str]) -> Registry:
    """Return what modules declare, and those that they import; nothing for none.

    Raises:
        ConfigurationError: one cannot be imported or declares nothing, or a declaration is wrong.
    """
    before = set(sys.modules)
    for module in modules:
        members(SETTING, module)
    new = set(sys.modules) - before
    found = [each for each in on.declared if _is_of(each.function.__module__, modules, new)]
    if modules and not found:
        raise _wrong(", ".join(modules), "declares no handler")
    return registry_of(found)


def registry_of(declarations: Sequence[Declaration]) -> Registry:
    """Check declarations, and return them by what they are for.

    Raises:
        ConfigurationError: one is wrong, or two are for the same.
    """
    found: dict[Kind, dict[str, Declared]] = {
        kind: {} for kind in ("event", "command", "card_action", "schedule")
    }
    messages = []
    for declaration in declarations:
        declared = _checked(declaration)
        if declaration.kind == "message":
            messages.append(_pattern(declaration, declared))
            continue
        first = found[declaration.kind].setdefault(declared.name, declared)
        if first is not declared:
            raise _wrong_in(declaration, f"{first.spelt} is declared so too")
    return Registry(
        found["event"], found["command"], found["card_action"], found["schedule"], tuple(messages)
    )


def _is_of(module: str, named: Sequence[str], new: set[str]) -> bool:
    return module in new or any(module == one or module.startswith(f"{one}.") for one in named)


def _checked(declaration: Declaration) -> Declared:
    function = declaration.function
    if not inspect.iscoroutinefunction(function):
        raise _wrong_in(declaration, "is not async; write `async def`")
    if reason := _unsuitable(declaration):
        raise _wrong_in(declaration, reason)
    try:
        parameters = injected(function, declaration.kind, _class_of(declaration))
    except Unfit as error:
        raise _wrong_in(declaration, str(error)) from error
    return Declared(
        declaration.kind,
        declaration.name,
        function,
        parameters,
        declaration.help,
        declaration.admins,
    )


def _class_of(declaration: Declaration) -> type[Event]:
    if declaration.kind == "event":
        return class_of(declaration.name)
    return CardAction if declaration.kind == "card_action" else MessageReceived


def _unsuitable(declaration: Declaration) -> str:
    """Return what is wrong with a name, if anything is."""
    name = declaration.name
    match declaration.kind:
        case "message":
            return ""
        case "event":
            if name in _ELSEWHERE:
                return f"such events are for {_ELSEWHERE[name]}"
            if name in KNOWN_EVENTS or declaration.unlisted:
                return ""
            meant = f"did you mean {nearest(name)}?"
            return f"no event is known by that name; {meant} (unlisted=True takes it all the same)"
        case "command":
            if name in _TAKEN:
                return f"/{name} is the bot's own: {_TAKEN[name]}"
            if _COMMAND.fullmatch(name) and name == name.casefold():
                return ""
            return "a command is up to 32 small letters, digits, - and _, without its slash"
        case _:
            return (
                "" if _NAME.fullmatch(name) else "a name is up to 64 letters, digits, . : - and _"
            )


def _pattern(declaration: Declaration, declared: Declared) -> MessagePattern:
    if declaration.chat_type not in (None, "p2p", "group"):
        raise _wrong_in(declaration, 'chat_type is "p2p" or "group"')
    if not isinstance(declaration.contains, str | None):
        raise _wrong_in(declaration, "contains is a string")
    try:
        matches = None if declaration.matches is None else re.compile(declaration.matches)
    except (re.error, TypeError) as error:
        raise _wrong_in(declaration, f"matches: {error}") from error
    return MessagePattern(declared, declaration.chat_type, declaration.contains, matches)


def _wrong_in(declaration: Declaration, reason: str) -> ConfigurationError:
    function = declaration.function
    return _wrong(function.__module__, f"{function.__qualname__}: {declaration.spelt}: {reason}")


def _wrong(module: str, reason: str) -> ConfigurationError:
    return ConfigurationError(f"{SETTING}: {module}: {reason}")
