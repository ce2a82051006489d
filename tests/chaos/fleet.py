"""Everything that runs under chaos: two ingresses, four workers, and what replaces them."""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.processes import Process
    from tests.stage import Stage

INGRESSES: Final = 2
WORKERS: Final = 4


@dataclass(eq=False)
class Place:
    """Where one process runs; whatever happens to it, another one follows here."""

    stage: Stage
    kind: str
    environment: dict[str, str]
    process: Process
    told_to_end: bool = False
    frozen: bool = False


@dataclass
class Fleet:
    """The processes, and a record of who was struck when (Unix seconds)."""

    stage: Stage
    workers_environment: dict[str, str]
    places: list[Place] = field(default_factory=list)
    struck: list[tuple[Process, float]] = field(default_factory=list)
    fallen: list[str] = field(default_factory=list)
    retired: list[Process] = field(default_factory=list)
    redis_away: list[tuple[float, float]] = field(default_factory=list)
    thaws: list[threading.Timer] = field(default_factory=list)

    def start(self) -> None:
        for number in range(INGRESSES):
            stage = self.stage if number == 0 else self.stage.beside()
            self.places.append(Place(stage, "ingress", {}, stage.start_ingress()))
        for _ in range(WORKERS):
            worker = self.stage.start_worker(**self.workers_environment)
            self.places.append(Place(self.stage, "worker", self.workers_environment, worker))

    def awake(self, kind: str) -> list[Place]:
        """Those that may be struck: none that is struck already."""
        return [
            place
            for place in self.places
            if place.kind == kind and not place.frozen and not place.told_to_end
        ]

    def kill(self, place: Place) -> None:
        self._strike(place)
        place.process.kill()
        self._replace(place)

    def end(self, place: Place) -> None:
        """Tell it to stop; it is replaced once it has, as a rollout would."""
        place.told_to_end = True
        place.process.send(signal.SIGTERM)

    def freeze(self, place: Place, seconds: float) -> None:
        self._strike(place)
        place.frozen = True
        place.process.send(signal.SIGSTOP)
        thaw = threading.Timer(seconds, self._thaw, [place])
        self.thaws.append(thaw)
        thaw.start()

    def look_after(self) -> None:
        """Replace whoever has ended, as an orchestrator would, and note who was not told to."""
        for place in self.places:
            if not place.process.running:
                code = place.process.ended()
                # Told in its first moments, before it listens, it has nothing to put in order.
                if not (place.told_to_end and code in {0, -signal.SIGTERM}):
                    self.fallen.append(
                        f"{place.kind} ended with {code}:\n{place.process.log()[-3000:]}"
                    )
                self._replace(place)

    def calm(self) -> None:
        """Have everybody awake again."""
        for thaw in self.thaws:
            thaw.join()
        self.look_after()

    def worker_processes(self) -> list[Process]:
        """Return every worker there has been."""
        now = [place.process for place in self.places if place.kind == "worker"]
        return [*self.retired, *now]

    def _thaw(self, place: Place) -> None:
        place.process.send(signal.SIGCONT)
        place.frozen = False

    def _strike(self, place: Place) -> None:
        if place.kind == "worker":
            self.struck.append((place.process, time.time()))

    def _replace(self, place: Place) -> None:
        if place.kind == "worker":
            self.retired.append(place.process)
        arguments = ("-m", "ingress") if place.kind == "ingress" else ("-m", "cli", "worker")
        place.process = place.stage.start(place.kind, *arguments, **place.environment)
        place.told_to_end = False
