"""`larkspur sim`: the simulator and everything one can do to it from a shell."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.buttons import pressed
from cli.say import command as say
from cli.simulated import Simulated

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.decorators import FC

PRESS_TIMEOUT: Final = 10.0
SHOWN: Final = {
    "stats": "/_sim/stats",
    "world": "/_sim/world",
    "messages": "/_sim/messages",
    "deliveries": "/_sim/deliveries",
    "calls": "/_sim/calls",
    "config": "/_sim/config",
    "events": "/_sim/events",
}


@click.group()
def command() -> None:
    """Run the simulator, play its users, fire its events, break it."""


def simulated(function: FC) -> FC:
    """Add the options that every command has which talks to a running simulator."""
    options: tuple[Callable[[FC], FC], ...] = (
        click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON."),
        click.option("--simulator", metavar="URL", help="[default: where `up` has it]"),
    )
    for option in options:
        function = option(function)
    return function


command.add_command(say, "say")


@command.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def serve(options: tuple[str, ...]) -> None:
    """Run the simulator; --help shows its options."""
    # Only here: nothing else needs a server, and importing one takes its time.
    import_module("simulator.__main__").main(list(options), prog_name="larkspur sim serve")


@command.command()
@click.argument("button")
@click.option("--user", default="alice", show_default=True, help="Who presses it.")
@click.option("--message", help="On which message's card.  [default: the newest card]")
@click.option("--form", multiple=True, metavar="NAME=VALUE", help="What is in the form around it.")
@simulated
def press(
    *,
    button: str,
    user: str,
    message: str | None,
    form: tuple[str, ...],
    as_json: bool,
    simulator: str | None,
) -> None:
    """Press the BUTTON of that text or name on a card, and print what the user is shown.

    Exits 1 if the app did not answer as it should.
    """
    at = Simulated(simulator)
    shown = _card(at, message)
    action = pressed(shown["card"], button)
    if action is None:
        raise click.ClickException(f"the card has no button {button!r}")
    if form:
        action["form_value"] = _pairs(form)
    press = {"user": user, "message_id": shown["message_id"], "action": action}
    answer = at.ask("POST", "/_sim/press", press, timeout=PRESS_TIMEOUT)
    error = answer["error"]
    _show(answer, as_json=as_json, text=_toast(answer))
    sys.exit(1 if error else 0)


@command.command()
@click.argument("event")
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]...")
@simulated
def fire(*, event: str, parameters: tuple[str, ...], as_json: bool, simulator: str | None) -> None:
    """Fire an EVENT: one of `sim show events` by its name, or any JSON from a file (- is stdin).

    Values that are JSON objects, lists, true or false are sent as such.
    """
    if event == "-" or event.endswith(".json"):
        fired = Simulated(simulator).ask("POST", "/_sim/events", _event_in(event))
    else:
        fired = Simulated(simulator).ask(
            "POST", f"/_sim/events/{event}", _pairs(parameters), timeout=10.0
        )
    _show(fired, as_json=as_json, text=_lines([fired]))


@command.command()
@click.argument("what", type=click.Choice(list(SHOWN)), default="stats")
@simulated
def show(*, what: str, as_json: bool, simulator: str | None) -> None:
    """Show WHAT has happened, or what there is."""
    found = Simulated(simulator).ask("GET", SHOWN[what])
    _show(found, as_json=as_json, text=_lines(found if isinstance(found, list) else [found]))


@command.command()
@click.argument("fault", nargs=-1, metavar="[KIND:NAME=VALUE,...]...")
@click.option("--kinds", is_flag=True, help="List what can go wrong.")
@click.option("--clear", is_flag=True, help="Withdraw all that stand.")
@simulated
def faults(
    *, fault: tuple[str, ...], kinds: bool, clear: bool, as_json: bool, simulator: str | None
) -> None:
    """Order FAULTs, as http_error:status=500,count=2; without any, list those that stand."""
    if clear:
        Simulated(simulator).ask("DELETE", "/_sim/faults")
    for flag in fault:
        Simulated(simulator).ask("POST", "/_sim/faults", {"flag": flag})
    found = Simulated(simulator).ask("GET", "/_sim/faults/kinds" if kinds else "/_sim/faults")
    _show(found, as_json=as_json, text=_lines(found))


def _card(simulator: Simulated, message_id: str | None) -> Any:
    messages = simulator.ask("GET", "/_sim/messages?limit=1000")
    wanted = (each for each in reversed(messages) if message_id in (None, each["message_id"]))
    found = next((each for each in wanted if each["card"] is not None), None)
    if found is None:
        raise click.ClickException("there is no such card")
    return found


def _pairs(parameters: tuple[str, ...]) -> dict[str, Any]:
    pairs = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals:
            raise click.UsageError(f"{parameter!r} is not NAME=VALUE")
        pairs[name] = json.loads(value) if _is_json(value) else value
    return pairs


def _is_json(value: str) -> bool:
    if value in ("true", "false"):
        return True
    if not value.startswith(("{", "[")):
        return False
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _event_in(path: str) -> Any:
    try:
        return json.loads(sys.stdin.read() if path == "-" else Path(path).read_text())
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path}: {error}") from error


def _toast(answer: dict[str, Any]) -> str:
    if answer["error"]:
        return "error {code}: {msg}".format(**answer["error"])
    return str((answer["toast"] or {}).get("content", "ok"))


def _show(found: Any, *, as_json: bool, text: str) -> None:
    print(json.dumps(found, ensure_ascii=False, indent=2) if as_json else text)


def _lines(found: list[dict[str, Any]]) -> str:
    return "\n".join(
        "  ".join(f"{key}={_short(value)}" for key, value in each.items() if value is not None)
        for each in found
    )


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
