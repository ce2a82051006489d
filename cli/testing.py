"""Testing what a team builds on top: all of Larkspur and a simulated Feishu, for one test.

    from cli.testing import running

    def test_weather():
        with running(LARKSPUR_HANDLERS="mybot.handlers") as bot:
            assert "sunny" in bot.ask("/weather Paris").text

It takes some seconds to start, so one `running` may serve many tests: make it a fixture of a
module's or the session's scope.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlencode

from cli.buttons import pressed
from cli.plan import SIMULATED_APP
from cli.ports import free_port
from cli.simulated import Simulated
from shared.feishu.cards import answer_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")

_READY: Final = "Larkspur is ready"
_STARTING_AT_MOST: Final = 60.0
_STOPPING_AT_MOST: Final = 20.0
_LOOK_EVERY: Final = 0.05


class NotStarted(Exception):
    """Something is wrong with the settings, or with what the handlers import; it says what."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the bot's. `text` is what an answer says, without what is around it.

    `card` is what it shows, None if it is no card; `shown` is all its words.
    """

    id: str
    chat: str
    text: str
    shown: str
    card: dict[str, Any] | None
    parent: str | None


class Bot:
    """A bot that runs, and the users and chats of the simulator it talks to."""

    def __init__(self, simulator: str, log: Path, environment: Mapping[str, str]) -> None:
        """`environment` is what its processes have been told, for further ones beside them."""
        self.environment = environment
        self._simulated = Simulated(simulator)
        self._log = log

    def say(self, text: str, *, user: str = "alice", chat: str = "p2p", **more: Any) -> str:
        """Say something as a user, in the chat with the bot or a group's; return its id."""
        said = {"user": user, "chat": chat, "text": text, **more}
        message: str = self._simulated.ask("POST", "/_sim/messages", said)["message_id"]
        return message

    def answer(self, message: str, *, within: float = 30.0) -> Message:
        """Wait for the whole answer to a message."""
        query = urlencode({"timeout": within})
        heard = self._simulated.ask("GET", f"/_sim/answers/{message}?{query}", timeout=within)
        return next(one for one in self.messages() if one.id == heard["answers"][0]["message_id"])

    def ask(self, text: str, *, within: float = 30.0, **how: Any) -> Message:
        """Say something, and wait for the whole answer."""
        return self.answer(self.say(text, **how), within=within)

    def fire(self, event: str, **fields: Any) -> None:
        """Have an event happen, with some of its fields; `larkspur sim show events` lists all."""
        self._simulated.ask("POST", f"/_sim/events/{event}", fields, timeout=10.0)

    def press(self, message: Message, button: str, *, user: str = "alice") -> None:
        """Press a button, by its text or name, of a card as it is now."""
        now = next(one for one in self.messages() if one.id == message.id)
        action = pressed(now.card or {}, button)
        if action is None:
            raise AssertionError(f"there is no button {button!r} on {now.card}")
        press = {"user": user, "message_id": message.id, "action": action}
        self._simulated.ask("POST", "/_sim/press", press, timeout=10.0)

    def messages(self, chat: str = "") -> list[Message]:
        """Return what the bot has said, in a chat or in all, oldest first."""
        query = urlencode({"limit": 1000, **({"chat": chat} if chat else {})})
        found = self._simulated.ask("GET", f"/_sim/messages?{query}")
        return [_message(one) for one in found if one["sender"]["kind"] != "user"]

    def wait(self, what: Callable[[], T], *, within: float = 30.0) -> T:
        """Return the first true value of `what()`; fail, with what the bot has logged, if late."""
        deadline = time.monotonic() + within
        while not (value := what()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {within} s; the log:\n{self.log()}")
            time.sleep(_LOOK_EVERY)
        return value

    def said(self, text: str, *, within: float = 30.0) -> Message:
        """Wait for a message of the bot's that holds a text, whatever it was about."""
        return self.wait(
            lambda: [one for one in self.messages() if text in one.shown], within=within
        )[0]

    def log(self) -> str:
        """Return what all processes have said so far."""
        return self._log.read_text(errors="replace")


@contextmanager
def running(folder: Path | None = None, **settings: str) -> Iterator[Bot]:
    """Run all of Larkspur on free ports with some settings; it is gone at the end.

    The team's modules and files are looked for in `folder`, the working directory unless given.

    Raises:
        NotStarted: a setting is wrong, or a module of the team's cannot be imported.
    """
    with tempfile.TemporaryDirectory(prefix="larkspur-") as place:
        environment = {**os.environ, **_own(Path(place)), **settings}
        log = Path(place) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "cli", "up"],
                cwd=folder,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait(process, log)
            simulator = f"http://127.0.0.1:{environment['LARKSPUR_UP__SIMULATOR_PORT']}"
            redis = f"redis://127.0.0.1:{environment['LARKSPUR_UP__REDIS_PORT']}/0"
            yield Bot(simulator, log, {**environment, **SIMULATED_APP, "REDIS_URL": redis})
        finally:
            _stop(process)


def _own(place: Path) -> dict[str, str]:
    """Return the settings that keep one bot out of another's way."""
    ports = ("UP__SIMULATOR_PORT", "UP__REDIS_PORT", "INGRESS__PORT", "FLOWER__PORT")
    return {
        **{f"LARKSPUR_{name}": str(free_port()) for name in ports},
        **dict.fromkeys(("FEISHU_APP_ID", "REDIS_URL", "OPENAI_API_KEY"), ""),
        "LARKSPUR_UP__DATA": str(place / "data"),
        "LARKSPUR_UP__FLOWER": "false",
        "LARKSPUR_LOG__FORMAT": "json",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _STARTING_AT_MOST
    while _READY not in (said := log.read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise NotStarted(said)
        time.sleep(_LOOK_EVERY)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOPPING_AT_MOST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _message(told: dict[str, Any]) -> Message:
    card = told.get("card")
    return Message(
        id=told["message_id"],
        chat=told["chat_id"],
        text=answer_in(card) or told["text"],
        shown=told["text"],
        card=card,
        parent=told.get("parent_id"),
    )
