"""`larkspur sim`, against a simulator in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from cli.sim import command
from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

BUTTON = {
    "tag": "button",
    "text": {"tag": "plain_text", "content": "Approve"},
    "behaviors": [{"type": "callback", "value": {"act": "approve"}}],
}
CARD = {"schema": "2.0", "body": {"elements": [BUTTON]}}
APP = {"app_id": "cli_a1b2c3d4e5f60718", "app_secret": "simulated-secret"}


class Sim:
    """The command line, pointed at the simulator it has started."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, *arguments: str, text: str | None = None) -> Result:
        return CliRunner().invoke(command, [*arguments, "--simulator", self.url], input=text)

    def json(self, *arguments: str, text: str | None = None) -> Any:
        ran = self.run(*arguments, "--json", text=text)
        assert ran.exit_code == 0, ran.output
        return json.loads(ran.output)

    def call(self, path: str, body: Any, **headers: str) -> Any:
        asked = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(asked, timeout=PATIENCE) as response:
            return json.load(response)


@pytest.fixture(scope="module")
def sim() -> Iterator[Sim]:
    clean = {name: value for name, value in os.environ.items() if "SIMULATOR_" not in name}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "sim", "serve", "--port=0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=clean,
    )
    assert process.stdout
    with process.stdout as printed:
        yield Sim(printed.readline().split()[-1])
        process.terminate()
        process.wait(timeout=PATIENCE)


def test_event_is_fired_by_its_name(sim: Sim) -> None:
    fired = sim.json("fire", "contact.user.created_v3", "name=Dora")

    world = sim.json("show", "world")
    assert fired["event_type"] == "contact.user.created_v3"
    assert "Dora" in [user["name"] for user in world["users"]]


def test_event_is_fired_from_standard_input(sim: Sim) -> None:
    event = {"schema": "2.0", "header": {"event_type": "x.y.z", "event_id": "e-1"}, "event": {}}

    fired = sim.json("fire", "-", text=json.dumps(event))

    assert fired["event_id"] == "e-1"
    assert sim.json("show", "deliveries")[-1]["event_type"] == "x.y.z"


def test_event_is_fired_from_a_file(sim: Sim, tmp_path: Any) -> None:
    file = tmp_path / "event.json"
    file.write_text('{"header": {"event_id": "e-2"}}')

    assert sim.json("fire", str(file))["event_id"] == "e-2"


@pytest.mark.parametrize(
    "arguments",
    [
        ("fire", "nonsense"),
        ("fire", "missing.json"),
        ("fire", "approval_instance", "status=PERHAPS"),
        ("fire", "approval_instance", "status"),
        ("press", "No such button"),
        ("faults", "nonsense"),
    ],
)
def test_impossible_command_fails_with_a_reason(sim: Sim, arguments: tuple[str, ...]) -> None:
    ran = sim.run(*arguments)

    assert ran.exit_code in (1, 2)
    assert ran.output
    assert ran.exception is None or isinstance(ran.exception, SystemExit)


def test_missing_simulator_fails_with_a_reason() -> None:
    ran = CliRunner().invoke(command, ["show", "--simulator", "http://127.0.0.1:1"])

    assert ran.exit_code == 1
    assert "no simulator" in ran.output


def test_button_is_found_by_its_text(sim: Sim) -> None:
    token = sim.call("/open-apis/auth/v3/tenant_access_token/internal", APP)["tenant_access_token"]
    body = {
        "receive_id": "bob@example.com",
        "msg_type": "interactive",
        "content": json.dumps(CARD),
    }
    path = "/open-apis/im/v1/messages?receive_id_type=email"
    sim.call(path, body, Authorization=f"Bearer {token}")

    pressed = sim.run("press", "Approve", "--user", "bob")

    # Nobody is connected, and that is what the user is shown.
    assert pressed.exit_code == 1
    assert "200340" in pressed.output


def test_faults_are_ordered_listed_and_cleared(sim: Sim) -> None:
    ordered = sim.json("faults", "slow:seconds=0.5,count=2", "drop_ack")
    cleared = sim.json("faults", "--clear")
    kinds = sim.json("faults", "--kinds")

    assert {each["kind"] for each in ordered} == {"slow", "drop_ack"}
    assert cleared == []
    assert "kill_socket" in {each["kind"] for each in kinds}


@pytest.mark.parametrize("what", ["stats", "world", "messages", "deliveries", "calls", "events"])
def test_everything_is_shown_to_people_and_to_programs(sim: Sim, what: str) -> None:
    assert sim.run("show", what).exit_code == 0
    assert sim.json("show", what) is not None


def test_saying_waits_for_an_answer_and_fails_without(sim: Sim) -> None:
    said = sim.run("say", "hello", "--timeout", "0.1")

    assert said.exit_code == 1
