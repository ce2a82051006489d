"""The official SDK for Node against the simulator: its socket, its client, its channel."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tests.conformance.conftest import APP_ID, APP_SECRET, Lines, clean
from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.conftest import Simulator

PROGRAMS = Path(__file__).with_name("node")
INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")


def unavailable(why: str) -> NoReturn:
    """Skip here; where the tests are a gate a missing Node is a failure."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


class Node:
    """The programs of `node/`, next to their installed packages."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._url = url

    @contextmanager
    def started(self, program: str, secret: str = APP_SECRET) -> Iterator[Lines]:
        script = str(self._folder / program)
        lines = Lines(script, self._url, APP_ID, secret, program="node")
        try:
            yield lines
        finally:
            lines.stop()

    def run(self, program: str) -> Any:
        """Let a program end, and return the JSON it printed."""
        command = ["node", str(self._folder / program), self._url, APP_ID, APP_SECRET]
        ended = subprocess.run(
            command, capture_output=True, timeout=PATIENCE, env=clean(), check=False
        )
        assert ended.returncode == 0, ended.stderr.decode()
        return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def node(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Node:
    if shutil.which("node") is None or shutil.which("npm") is None:
        unavailable("Node.js and npm are not installed")
    folder = tmp_path_factory.mktemp("node") / "programs"
    shutil.copytree(PROGRAMS, folder, ignore=shutil.ignore_patterns("node_modules"))
    installed = subprocess.run(
        INSTALL, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if installed.returncode != 0:
        unavailable(f"npm could not install the SDK: {installed.stderr[-500:]}")
    return Node(folder, simulator.url)


@pytest.fixture(scope="module")
def socket(node: Node, simulator: Simulator) -> Iterator[Lines]:
    """The only connection from here on: the tests before it have closed theirs."""
    with node.started("socket.mjs") as program:
        assert program.next() == ["ready"]
        simulator.await_connection()
        yield program


def test_client_sends_reads_types_and_is_refused(node: Node, simulator: Simulator) -> None:
    came = node.run("client.mjs")

    assert came["parent"] == came["sent"]
    assert came["got"] == {"text": "hello"}
    assert came["refused"]["status"] == 400
    shown = {each["message_id"]: each for each in simulator.get("/_sim/messages?limit=10")}
    assert shown[came["sent"]]["text"] == "hello"
    assert (shown[came["card"]]["text"], shown[came["card"]]["final"]) == ("typed", True)


def test_channel_answers_in_a_streamed_card(node: Node, simulator: Simulator) -> None:
    with node.started("channel.mjs") as channel:
        ready = channel.next()
        said = simulator.say("hello from alice")
        answered = channel.next()

    assert ready == ["ready", simulator.get("/_sim/world")["bot"]["open_id"]]
    answers = simulator.get(f"/_sim/answers/{said['message_id']}?timeout={PATIENCE}")["answers"]
    assert answered == ["answered", answers[0]["message_id"]]
    assert answers[0]["text"] == "You said: hello from alice"
    assert answers[0]["revisions"] > 2


def test_wrong_secret_is_told(node: Node) -> None:
    with node.started("socket.mjs", secret="wrong") as program:
        assert program.next()[0] == "failed"


def test_events_reach_the_socket_and_are_acked(simulator: Simulator, socket: Lines) -> None:
    said = [simulator.say(f"message-{number}") for number in range(20)]

    handled = [socket.next() for _ in said]

    expected = [["handled", each["event_id"], f"message-{n}"] for n, each in enumerate(said)]
    assert handled == expected
    simulator.await_acks(said[-1]["event_id"], [200])


def test_event_of_a_failed_handler_comes_again(simulator: Simulator, socket: Lines) -> None:
    said = simulator.say("fail")

    assert [socket.next(), socket.next()] == [["handled", said["event_id"], "fail"]] * 2
    simulator.await_acks(said["event_id"], [500, 200])


def test_split_event_is_put_together(simulator: Simulator, socket: Lines) -> None:
    asked = {"user": "bob", "chat": "p2p", "text": "parts", "parts": 5, "order": "reversed"}

    said = simulator.post("/_sim/split", asked)

    assert socket.next() == ["handled", said["event_id"], "parts"]
    simulator.await_acks(said["event_id"], [200])


def test_press_is_answered_with_a_toast(node: Node, simulator: Simulator, socket: Lines) -> None:
    message_id = node.run("client.mjs")["card"]
    action = {"tag": "button", "value": {"choice": "yes"}}

    shown = simulator.post(
        "/_sim/press", {"user": "alice", "message_id": message_id, "action": action}
    )

    assert socket.next() == ["pressed", "yes"]
    assert shown["toast"] == {"type": "success", "content": "thank you"}


def test_socket_reconnects_after_the_server_closed(simulator: Simulator, socket: Lines) -> None:
    simulator.post("/_sim/close", {})

    assert socket.next() == ["reconnected"]
    said = simulator.say("back")

    assert socket.next() == ["handled", said["event_id"], "back"]
