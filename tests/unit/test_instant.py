"""Instant answers: what a team's module may do, and what its functions cannot spoil."""

from __future__ import annotations

import sys
import threading
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from ingress.answering import Answering
from ingress.health import Health
from ingress.instant import instant, load, toast
from ingress.metrics import Metrics
from ingress.sources.source import AGAIN, STORED, Delivery
from shared.errors import ConfigurationError
from shared.feishu.events import Identify
from shared.model.event import Event
from tests.eventually import PATIENCE, soon
from tests.factories import payload, pressed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ingress.sources.source import Ack

APPROVED = {"toast": {"type": "info", "content": "Approving…"}}
DECLARED = "from ingress.instant import instant, toast\n@instant('card.action.trigger')\n"


class Asked:
    """Callbacks that one function answers."""

    def __init__(self, function: Callable[[dict[str, Any]], Any]) -> None:
        self.metrics = Metrics(Health())
        self._answering = Answering({"card.action.trigger": function}, self.metrics)
        self.acks: list[Ack] = []

    def press(self, ack: Ack = STORED, *, value: Any = None) -> None:
        """Press a button, and have its event acked at once."""
        raw = payload(pressed(value=value))
        event = Identify(at_most=1_000_000)(raw)
        assert isinstance(event, Event)
        delivery = Delivery(raw, "trace", 0.0, self.acks.append)
        self._answering.of(event, delivery).answer(ack)

    async def acked(self, count: int = 1) -> list[Ack]:
        await soon(lambda: self._enough(count))
        return self.acks

    def count(self, fate: str) -> float:
        found = self.metrics.registry.get_sample_value(
            "larkspur_instant_answers_total", {"event_type": "card.action.trigger", "fate": fate}
        )
        return found or 0.0

    async def _enough(self, count: int) -> bool:
        return len(self.acks) >= count


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """What a hanging function waits for; set at the end, so that no thread stays."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function may take as long as a slow machine does."""
    monkeypatch.setattr("ingress.answering.BUDGET", PATIENCE)


@pytest.mark.usefixtures("unhurried")
async def test_answer_goes_along_with_the_ack() -> None:
    asked = Asked(lambda event: toast(event["action"]["value"]["say"]))

    asked.press(value={"say": "Approving…"})

    (ack,) = await asked.acked()
    assert (ack.code, orjson.loads(ack.data)) == (HTTPStatus.OK, APPROVED)
    assert asked.count("answered") == 1


@pytest.mark.usefixtures("unhurried")
async def test_function_may_have_nothing_to_say() -> None:
    asked = Asked(lambda _: None)

    asked.press()

    assert await asked.acked() == [STORED]
    assert asked.count("answered") == 1


async def test_what_was_not_stored_is_not_answered() -> None:
    asked = Asked(lambda _: APPROVED)

    asked.press(AGAIN)

    assert await asked.acked() == [AGAIN]


def raises(_: dict[str, Any]) -> None:
    raise ZeroDivisionError


def leaves(_: dict[str, Any]) -> None:
    sys.exit()


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    "function",
    [
        raises,
        leaves,
        lambda _: "Approving…",
        lambda _: [APPROVED],
        lambda _: {"toast": {1, 2}},
        lambda _: {"toast": "half a \ud83d pair"},
        lambda _: toast("x" * 1_000_000),
        lambda event: event["no such"],
    ],
    ids=["raises", "leaves", "string", "list", "set", "surrogate", "1_MB", "wrong_key"],
)
async def test_nonsense_is_left_out_of_the_ack_and_counted(
    function: Callable[[dict[str, Any]], Any],
) -> None:
    asked = Asked(function)

    asked.press()

    assert await asked.acked() == [STORED]
    assert (asked.count("failed"), asked.count("answered")) == (1, 0)


async def test_function_that_hangs_is_not_waited_for(released: threading.Event) -> None:
    asked = Asked(lambda _: {"never": released.wait()})

    asked.press()

    assert await asked.acked() == [STORED]
    assert asked.count("late") == 1


@pytest.mark.usefixtures("unhurried")
async def test_hundred_at_once_are_all_answered() -> None:
    asked = Asked(lambda _: APPROVED)

    for _ in range(100):
        asked.press()

    assert {orjson.loads(ack.data)["toast"]["type"] for ack in await asked.acked(100)} == {"info"}
    assert asked.count("answered") == 100


async def test_functions_that_hang_keep_others_from_an_answer_only_while_they_do(
    released: threading.Event, request: pytest.FixtureRequest
) -> None:
    asked = Asked(lambda event: APPROVED if event["action"]["value"] else {"x": released.wait()})
    for _ in range(20):
        asked.press(value={})
    await asked.acked(20)
    asked.press(value={"act": "approve"})
    assert await asked.acked(21) == [STORED] * 21
    assert asked.count("late") == 21

    request.getfixturevalue("unhurried")
    released.set()
    asked.press(value={"act": "approve"})

    assert orjson.loads((await asked.acked(22))[-1].data) == APPROVED


@pytest.fixture
def module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], str]]:
    """Write a module into the working directory; give its name, which is no other test's."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    name = f"answers_{abs(hash(request.node.nodeid))}"

    def write(source: str) -> str:
        (tmp_path / f"{name}.py").write_text(source)
        return name

    yield write
    sys.modules.pop(name, None)


def test_module_in_the_working_directory_is_found(module: Callable[[str], str]) -> None:
    name = module(DECLARED + "def pressed(event):\n    return toast('Approving…')\n")

    found = load(name)

    assert [*found] == ["card.action.trigger"]
    assert found["card.action.trigger"]({}) == APPROVED


def test_example_of_the_documentation_answers_as_it_says(module: Callable[[str], str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "callbacks.md").read_text()
    example = page.partition("```python\n")[2].partition("```")[0]

    declared = load(module(example))

    press, preview = declared["card.action.trigger"], declared["url.preview.get"]
    assert press(pressed(value={"act": "approve"})["event"]) == APPROVED
    assert press(pressed(value={"act": "wait"})["event"]) is None
    assert preview({"context": {"url": "https://a.b"}}) == {"inline": {"title": "https://a.b"}}


def test_no_module_declares_nothing() -> None:
    assert load(None) == {}


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_module", "No module named 'no_such_module'"),
        ("def", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("", "declares no instant answer"),
        (DECLARED + "async def pressed(event): ...", "pressed is async"),
        (DECLARED.replace("card.action", "moon") + "def landed(event): ...", "is no callback"),
        (
            DECLARED + "def one(event): ...\n@instant('card.action.trigger')\ndef two(event): ...",
            "declares two instant answers to card.action.trigger",
        ),
    ],
    ids=["import", "syntax", "raises", "nothing", "async", "no_callback", "two"],
)
def test_module_that_will_not_do_is_named_with_its_setting(
    module: Callable[[str], str], source: str, reason: str
) -> None:
    name = module(source)

    with pytest.raises(ConfigurationError, match="LARKSPUR_INGRESS__INSTANT") as caught:
        load(name)

    assert name in str(caught.value)
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", ["no_such_module", ".relative", "no module"])
def test_module_that_is_not_there_is_named_with_its_setting(name: str) -> None:
    with pytest.raises(ConfigurationError, match="LARKSPUR_INGRESS__INSTANT"):
        load(name)


def test_one_function_may_have_several_names(module: Callable[[str], str]) -> None:
    name = module(DECLARED + "def pressed(event): ...\nalso = pressed\n")

    assert [*load(name)] == ["card.action.trigger"]


def test_answer_to_what_is_no_callback_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match=r"url\.preview\.get"):
        instant("im.message.receive_v1")
