"""`larkspur probe` says what a process that can be asked says of itself."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from cli.ports import free_port
from cli.probe import DOORS, command
from shared.settings import Beat, Flower, Group, Ingress, Worker
from simulator.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    for door in DOORS.values():
        monkeypatch.setenv(door.setting, str(free_port()))


@pytest.mark.parametrize("group", [Ingress, Worker, Beat, Flower])
def test_doors_are_where_the_settings_have_them(group: type[Group]) -> None:
    door = DOORS[group.title.lower()]
    port = group.model_fields["port"].default

    assert door.port == ("" if port is None else str(port))
    assert {door.setting, door.host} <= {*group.names()}


def test_door_of_the_simulator_is_where_it_has_it() -> None:
    assert DOORS["sim"].port == str(Options().port)


@pytest.mark.parametrize("role", [*DOORS])
@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_process_that_says_how_it_is_is_believed(
    monkeypatch: pytest.MonkeyPatch, role: str, status: int, code: int, host: str
) -> None:
    with serving(status) as port:
        monkeypatch.setenv(DOORS[role].setting, str(port))
        monkeypatch.setenv(DOORS[role].host, host)

        asked, unasked = (CliRunner().invoke(command, words) for words in ([role], []))

    assert (asked.exit_code, unasked.exit_code) == (code, code)
    assert asked.output == unasked.output == f"{role}: {DOORS[role].path}\n"


@pytest.mark.parametrize("role", [None, "worker"])
def test_nobody_who_listens_is_nobody_who_lives(role: str | None) -> None:
    answer = CliRunner().invoke(command, [role] if role else [])

    assert (answer.exit_code, answer.output) == (
        1,
        f"larkspur: {role or 'whoever runs here'} does not answer\n",
    )


def test_port_that_is_none_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKSPUR_WORKER__PORT", "tcp://10.0.0.1:5555")

    assert CliRunner().invoke(command, ["worker"]).exit_code == 1


@contextmanager
def serving(status: int) -> Iterator[int]:
    """Serve that status at every path, which is the body; yield the port."""

    class Says(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(self.path.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Says) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
