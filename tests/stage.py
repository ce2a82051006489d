"""The whole of Larkspur on one machine for one test, every part a process that can be killed."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from cli.ports import free_port
from cli.valkey import Valkey
from shared.feishu.cards import answer_in
from tests.eventually import PATIENCE, eventually
from tests.posted import KEY, TOKEN
from tests.processes import Process

if TYPE_CHECKING:
    from pathlib import Path

APP_ID = "cli_0123456789abcdef"
APP_SECRET = "a-secret-that-must-not-leak"


class Stage:
    """Parts are started by a test as it needs them; ports and data are its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._started: list[Process] = []
        self.valkey = Valkey(folder / "valkey", port=free_port())
        self.simulator_url = f"http://127.0.0.1:{free_port()}"
        self.environment = {
            "FEISHU_APP_ID": APP_ID,
            "FEISHU_APP_SECRET": APP_SECRET,
            "FEISHU_DOMAIN": self.simulator_url,
            "REDIS_URL": self.valkey.url,
            "OPENAI_API_KEY": "a-key-that-must-not-leak",
            "OPENAI_BASE_URL": f"{self.simulator_url}/v1",
            "LARKSPUR_LOG__FORMAT": "json",
            "LARKSPUR_WORKER__WHEN_BUSY": "each",
            "LARKSPUR_INGRESS__GRACE": "0",
            "FEISHU_ENCRYPT_KEY": KEY,
            "FEISHU_VERIFICATION_TOKEN": TOKEN,
        }
        self._place_ingress()

    def _place_ingress(self) -> None:
        probes, webhook = free_port(), free_port()
        self.ingress_url = f"http://127.0.0.1:{probes}"
        self.webhook_url = f"http://127.0.0.1:{webhook}/webhook/event"
        self.environment = {
            **self.environment,
            "LARKSPUR_INGRESS__PORT": str(probes),
            "LARKSPUR_WEBHOOK__PORT": str(webhook),
        }

    def beside(self) -> Self:
        """Return the place of another ingress: its ports are its own, all else is shared."""
        other = copy.copy(self)
        other._place_ingress()
        return other

    def start_valkey(self) -> None:
        self.valkey.start()

    def kill_valkey(self) -> None:
        """Take Redis away without a word of goodbye."""
        assert self.valkey.process is not None
        self.valkey.process.kill()
        self.valkey.process.wait()

    def start_simulator(self, *options: str) -> Process:
        port = self.simulator_url.rpartition(":")[2]
        process = self.start(
            "simulator",
            *("-m", "simulator", "--port", port),
            *("--app-id", APP_ID, "--app-secret", APP_SECRET, *options),
        )
        process.says("listening on")
        self.simulator = process
        return process

    def start_posting_simulator(self, url: str = "") -> Process:
        """Start one that posts events to a webhook too, once it has challenged it."""
        process = self.start_simulator(
            *("--time-scale", "60", "--webhook", url or self.webhook_url),
            *("--encrypt-key", KEY, "--verification-token", TOKEN),
        )
        process.says("webhook.challenged")
        return process

    def start_ingress(self, *, ready: bool = True, **environment: str) -> Process:
        process = self.start("ingress", "-m", "ingress", **environment)
        if ready:
            eventually(lambda: self.get_ready()[0])
        return process

    def start_worker(self, **environment: str) -> Process:
        process = self.start("worker", "-m", "cli", "worker", **environment)
        process.says("worker.ready")
        return process

    def start(self, name: str, *arguments: str, **environment: str) -> Process:
        """Start any command of ours in this stage's environment."""
        log = self.folder / f"{name}-{len(self._started)}.log"
        process = Process(name, arguments, {**self.environment, **environment}, log)
        self._started.append(process)
        return process

    def say(self, text: str, *, user: str = "alice", chat: str = "p2p") -> str:
        """Say something as a user; return the message's id."""
        said = self.post("/_sim/messages", {"user": user, "chat": chat, "text": text})
        return str(said["message_id"])

    def answer(self, message_id: str) -> str:
        """Wait for the bot's final answer to a message."""
        return "\n".join(map(said, self._heard(message_id)))

    def shown(self, message_id: str) -> str:
        """Wait for the final answer; return all its words, with what is around it."""
        return "\n".join(str(answer["text"]) for answer in self._heard(message_id))

    def _heard(self, message_id: str) -> list[dict[str, Any]]:
        heard = self.get(f"/_sim/answers/{message_id}?timeout={PATIENCE}")
        answers: list[dict[str, Any]] = heard["answers"]
        return answers

    def answers(self, message_id: str) -> list[str]:
        """Return all that the bot has replied to a message so far."""
        return [
            message["message_id"]
            for message in self.messages()
            if message.get("parent_id") == message_id
        ]

    def chat_of(self, message_id: str) -> str:
        return next(str(m["chat_id"]) for m in self.messages() if m["message_id"] == message_id)

    def replied_to(self, user: str) -> list[str]:
        """Return the messages of a user's p2p chat that the bot has answered, as it did."""
        chat = self.post("/_sim/messages", {"user": user, "chat": "p2p", "text": "."})["chat_id"]
        return [m["parent_id"] for m in self.messages(chat) if m.get("parent_id")]

    def messages(self, chat: str = "") -> list[dict[str, Any]]:
        """Return the messages of a chat, or of all, oldest first."""
        query = f"&chat={chat}" if chat else ""
        found: list[dict[str, Any]] = self.get(f"/_sim/messages?limit=1000{query}")
        return [{**message, "text": said(message)} for message in found]

    def deliveries(self, message_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"/_sim/deliveries?message_id={message_id}")
        return found

    def acked(self, message_id: str, *, times: int = 1) -> list[dict[str, Any]]:
        """Wait until a message's event was acked 200 so many times; return its deliveries."""

        def acks() -> list[dict[str, Any]]:
            found = [one for one in self.deliveries(message_id) if one["ack_code"] == 200]
            return found if len(found) >= times else []

        return eventually(acks)

    def get_ready(self) -> tuple[bool, dict[str, str]]:
        """Ask the ingress whether it is ready, and if not, why."""
        try:
            answer = fetch(f"{self.ingress_url}/readyz", timeout=10)
        except OSError:
            return False, {}
        return answer["ready"], answer["reasons"]

    def metric(self, sample: str) -> float:
        """Read one sample of the ingress, written as Prometheus does; 0 if there is none."""
        return samples(self.ingress_url).get(sample, 0.0)

    def get(self, path: str) -> Any:
        return fetch(f"{self.simulator_url}{path}")

    def post(self, path: str, body: object) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return fetch(f"{self.simulator_url}{path}", raw)

    def delete(self, path: str) -> Any:
        return fetch(f"{self.simulator_url}{path}", method="DELETE")

    def strike(self, *, tell: bool = True) -> None:
        """Take everything down; show what each process said, for the report of a failed test."""
        for process in reversed(self._started):
            process.stop()
            if tell:
                print(f"--- {process.name}\n{process.log()}")
        self.valkey.stop()


def fetch(
    url: str, body: bytes | None = None, *, timeout: float = PATIENCE + 5, method: str | None = None
) -> Any:
    """Ask for JSON; an HTTP error's body is an answer too. The simulator gives up first."""
    request = Request(url, body, {"Content-Type": "application/json"}, method=method)
    try:
        with urlopen(request, timeout=timeout) as response:
            raw = response.read()
    except HTTPError as error:
        raw = error.read()
    return json.loads(raw)


def samples(url: str) -> dict[str, float]:
    """Return what a process tells Prometheus; a sample's labels are part of its name."""
    with urlopen(f"{url}/metrics", timeout=PATIENCE) as response:
        told = [line for line in response.read().decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in told)}


def said(message: dict[str, Any]) -> str:
    """Return what a message says: of a card of the bot's the answer, without what is around it."""
    return answer_in(message.get("card")) or str(message["text"])
