"""What the manifests of the dev overlay and its parts say, run on one machine: the bot answers."""

from __future__ import annotations

import subprocess
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from cli.ports import free_port
from tests.eventually import eventually
from tests.processes import Process
from tests.servers import Server
from tests.unit.kubernetes.installation import Installation, Pod, installed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class OneMachine:
    """Pods as processes: Services are ports of loopback, folders of pods are in `folder`."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        self._folder = folder
        self.pods = [pod for pod in installation.pods if pod.ours]
        self.ports = {pod.name: free_port() for pod in self.pods}
        self.processes: dict[str, Process] = {}
        self._redis = self._prepared(installation.pod("redis"))

    @property
    def simulator(self) -> str:
        return f"http://127.0.0.1:{self.ports['simulator']}"

    def start(self) -> None:
        self._redis.start()
        for pod in self.pods:
            log = self._folder / f"{pod.name}.log"
            arguments = ("-m", "cli", *pod.process["args"])
            self.processes[pod.name] = Process(pod.name, arguments, self._environment(pod), log)

    def stop(self) -> None:
        for process in self.processes.values():
            process.stop()
        self._redis.kill()

    def is_well(self, pod: Pod, probe: str) -> bool:
        """Ask what the kubelet would."""
        process = self.processes[pod.name]
        assert process.running, process.log()
        path = pod.process[probe]["httpGet"]["path"]
        try:
            with urlopen(f"http://127.0.0.1:{self.ports[pod.name]}{path}", timeout=5) as answer:
                return bool(answer.status == HTTPStatus.OK)
        except OSError:  # a refusal is one too
            return False

    def _environment(self, pod: Pod) -> dict[str, str]:
        places = {
            "http://platform": self.simulator,
            "0.0.0.0": "127.0.0.1",
            "@redis:6379": f"@127.0.0.1:{self._redis.port}",
            **self._mounted(pod),
        }
        found = {}
        for name, value in pod.environment().items():
            here = value
            for there, place in places.items():
                here = here.replace(there, place)
            found[name] = here
        port = next(name for name in found if name.endswith("_PORT"))
        return {**found, port: str(self.ports[pod.name])}

    def _mounted(self, pod: Pod) -> dict[str, str]:
        """Make the folders that the pod mounts, but for /tmp; return where each is."""
        volumes = {it["name"]: it for it in pod.spec["volumes"]}
        places = {}
        for mount in (it for it in pod.process["volumeMounts"] if it["mountPath"] != "/tmp"):
            folder = self._folder / pod.name / mount["name"]
            folder.mkdir(parents=True)
            files = volumes[mount["name"]].get("configMap", {}).get("name")
            for name, text in pod.configs.get(files, {}).items():
                (folder / name).write_text(text)
            places[mount["mountPath"]] = str(folder)
        return places

    def _prepared(self, redis: Pod) -> Server:
        """Do what its init container does, and take its configuration."""
        etc, run = self._folder / "etc", self._folder / "run"
        etc.mkdir()
        run.mkdir()
        for name, text in redis.configs[redis.spec["volumes"][0]["configMap"]["name"]].items():
            (etc / name).write_text(self._here(text))
        first = redis.spec["initContainers"][0]
        script = self._here(first["args"][0])
        environment = redis.environment()
        subprocess.run((*first["command"], script), env=environment, check=True)
        password = environment["REDIS_PASSWORD"]
        conf = str(etc / "redis.conf")
        return Server(self._folder / "redis", conf, user="larkspur", password=password)

    def _here(self, text: str) -> str:
        text = text.replace("/etc/redis", str(self._folder / "etc")).replace("dir /data", "dir .")
        return text.replace("/run/acl", str(self._folder / "run"))


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[OneMachine]:
    machine = OneMachine(installed("dev with beat and rules"), tmp_path)
    try:
        machine.start()
        yield machine
    finally:
        machine.stop()


def test_the_bot_answers_and_every_probe_does(machine: OneMachine, tmp_path: Path) -> None:
    for pod in machine.pods:
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            eventually(partial(machine.is_well, pod, probe))

    said = Process(
        "say",
        ("-m", "cli", "say", "--simulator", machine.simulator, "--timeout", "120", "hello"),
        {},
        tmp_path / "say.log",
    )

    assert said.ended() == 0, said.log()
    assert "You said: hello" in said.log()
