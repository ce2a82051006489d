"""A team's module of handlers: what it may say, and what it is told when that is wrong."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shared.errors import ConfigurationError
from shared.feishu.messages import read_message
from shared.model.ids import OpenId
from tests.factories import BOT, MENTION_OF_BOT, message, payload
from workers.handlers.arguments import Misuse, parse_arguments
from workers.handlers.loading import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workers.handlers.registry import Registry

_numbers = itertools.count(1)
CREATED = "contact.user.created_v3"
README = """
@on("contact.user.created_v3")
async def welcome(event, feishu):
    await feishu.send_text(event.user.open_id, f"Welcome, {event.user.name}!")

@on.command("weather")
async def weather(turn, city: str): ...
@on.card_action("approve_expense")
async def approve(action, feishu): ...
@on.message(chat_type="group", contains="standup")
async def standup(turn): ...
@on.schedule("digest")
async def digest(feishu): ...
"""


@pytest.fixture(autouse=True)
def path() -> Iterator[None]:
    kept = [*sys.path]
    yield
    sys.path[:] = kept


def loaded(source: str, *, first: str = "") -> Registry:
    """Load a module with this in it, in the working directory."""
    name = f"team_handlers_{next(_numbers)}"
    Path(f"{name}.py").write_text(f"{first}from workers.handlers import on\n{source}")
    return load([name])


def refused(source: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        loaded(source)
    return str(caught.value)


def test_declarations_are_found_by_what_they_are_for() -> None:
    registry = loaded(README)

    assert set(registry.events) == {"contact.user.created_v3"}
    assert set(registry.commands) == {"weather"}
    assert set(registry.card_actions) == {"approve_expense"}
    assert set(registry.schedules) == {"digest"}
    assert [each.declared.function.__name__ for each in registry.messages] == ["standup"]
    assert len(registry) == 5


def test_no_module_declares_nothing() -> None:
    assert len(load([])) == 0


def test_annotations_may_be_strings_and_be_for_type_checkers_alone() -> None:
    registry = loaded(
        """
from typing import TYPE_CHECKING
from workers.handlers.bound import BoundFeishu
if TYPE_CHECKING:
    from workers.handlers.events import UserCreated
@on("contact.user.created_v3")
async def welcome(event: UserCreated, api: BoundFeishu, *, log): ...
@on.command("weather")
async def weather(days: int, city: str | None = None): ...
""",
        first="from __future__ import annotations\n",
    )

    given = [getattr(each, "given", "") for each in registry.events[CREATED].parameters]
    assert given == ["event", "feishu", "log"]
    assert parse_arguments(registry.commands["weather"], "two") == Misuse("/weather <days> [city]")


def test_event_may_be_annotated_with_its_class_or_a_wider_one() -> None:
    registry = loaded(
        """
from workers.handlers.events import ApprovalInstance, Event, UserCreated, UserUpdated
@on("approval_instance")
async def one(it: ApprovalInstance): ...
@on("approval_task")
async def two(it: Event): ...
@on("contact.user.created_v3")
@on("contact.user.updated_v3")
async def three(it: UserCreated | UserUpdated): ...
"""
    )

    assert set(registry.events) == {
        "approval_instance",
        "approval_task",
        CREATED,
        "contact.user.updated_v3",
    }


def test_event_that_is_not_listed_can_be_taken_all_the_same() -> None:
    registry = loaded('@on("moon.landed_v1", unlisted=True)\nasync def landed(event): ...')

    assert set(registry.events) == {"moon.landed_v1"}


def test_package_is_loaded_with_what_it_imports() -> None:
    package = Path(f"team_package_{next(_numbers)}")
    package.mkdir()
    (package / "__init__.py").write_text("from . import weather\n")
    (package / "weather.py").write_text(
        'from workers.handlers import on\n@on.command("weather")\nasync def weather(turn): ...\n'
    )

    assert set(load([package.name]).commands) == {"weather"}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import no_such_thing", "No module named 'no_such_thing'"),
        ("x = 1", "declares no handler"),
        ("@on\nasync def f(event): ...", '@on takes a name: @on("...")'),
        ("@on.command\nasync def f(turn): ...", '@on.command takes a name: @on.command("...")'),
        (
            '@on("contact.user.create_v3")\nasync def f(event): ...',
            (
                'f: @on("contact.user.create_v3"): no event is known by that name;'
                " did you mean contact.user.created_v3?"
            ),
        ),
        ('@on("message")\nasync def f(event): ...', "such events are for @on.message or"),
        ('@on("card.action.trigger")\nasync def f(event): ...', "are for @on.card_action"),
        ('@on("approval_task")\ndef f(event): ...', 'f: @on("approval_task"): is not async'),
        ('@on("approval_task")\nasync def f(event): yield 1', "is not async"),
        (
            '@on("approval_task")\nasync def f(evnt): ...',
            "evnt cannot be given; there are: event, feishu, turn, log",
        ),
        ('@on("approval_task")\nasync def f(event: int): ...', "event: int cannot be given"),
        ('@on("approval_task")\nasync def f(**all): ...', "**all cannot be given"),
        (
            (
                "from workers.handlers.events import UserCreated\n"
                '@on("approval_task")\nasync def f(event: UserCreated): ...'
            ),
            "what comes is a ApprovalTask",
        ),
        (
            '@on.command("go")\nasync def f(turn, where: dict): ...',
            "where: dict is no argument of a command (those are str, int, float, bool)",
        ),
        ('@on.command("go")\nasync def f(turn, *, city): ...', "come in a row, without names"),
        ('@on.command("/go")\nasync def f(turn): ...', "small letters, digits, - and _"),
        ('@on.command("Go")\nasync def f(turn): ...', "small letters, digits, - and _"),
        ('@on.command("")\nasync def f(turn): ...', "small letters, digits, - and _"),
        ('@on.command("stop")\nasync def f(turn): ...', "/stop is the bot's own"),
        ('@on.schedule("a b")\nasync def f(feishu): ...', "a name is up to 64"),
        ('@on.message(matches="(")\nasync def f(turn): ...', "@on.message: matches:"),
        ("@on.message(contains=7)\nasync def f(turn): ...", "contains is a string"),
        ('@on.message(chat_type="any")\nasync def f(turn): ...', 'chat_type is "p2p" or "group"'),
        (
            '@on.command("go")\nasync def f(turn): ...\n@on.command("go")\nasync def g(turn): ...',
            'g: @on.command("go"): team_handlers_',
        ),
        (
            (
                '@on("approval_task")\nasync def f(turn): ...\n'
                '@on("approval_task")\nasync def f(event): ...'
            ),
            ".f is declared so too",
        ),
    ],
)
def test_wrong_declaration_is_refused_with_its_place(source: str, says: str) -> None:
    said = refused(source)

    assert said.startswith("LARKSPUR_HANDLERS: team_handlers_")
    assert says in said


def test_module_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"LARKSPUR_HANDLERS: no\.such: ModuleNotFound"):
        load(["no.such"])


def test_first_message_handler_that_fits_is_taken() -> None:
    registry = loaded(
        r"""
@on.message(chat_type="group", contains="StandUp")
async def standup(turn): ...
@on.message(matches=r"^\d+$")
async def number(turn): ...
@on.message(chat_type="p2p")
async def other(turn): ...
"""
    )

    assert matched(registry, "our standup", chat_type="group") == "standup"
    assert matched(registry, "@_user_1 42", chat_type="group") == "number"
    assert matched(registry, "standup") == "other"
    assert matched(registry, "hello", chat_type="group") == ""
    assert matched(registry, "42", sender_type="app") == ""


def test_declaring_is_cheap_to_import() -> None:
    code = (
        "import sys; from workers.handlers import on;"
        "print({'celery', 'pydantic_ai', 'pydantic', 'redis', 'aiohttp'} & set(sys.modules))"
    )

    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    assert said.stdout.strip() == b"set()"


def matched(
    registry: Registry, text: str, *, chat_type: str = "p2p", sender_type: str = "user"
) -> str:
    raw = message(text, chat_type=chat_type, sender_type=sender_type, mentions=[MENTION_OF_BOT])
    found = registry.match(read_message(payload(raw)), OpenId(BOT))
    return found.function.__name__ if found else ""
