"""When each schedule was last run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.store.connection import Store
    from shared.store.keys import Keys


class LastRuns:
    """What outlives a beat: the Unix times of the last runs, in seconds."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = [keys.schedules]

    async def of(self, schedules: Sequence[str], *, now: float) -> dict[str, float]:
        """Return them. A new schedule counts as run `now`; any that is not named is forgotten.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        runs = await self._store.run("last_runs", self._keys, [repr(now), *schedules])
        return {name: float(at) for name, at in zip(schedules, runs, strict=True)}

    async def note(self, schedule: str, at: float) -> None:
        """Note a run.

        Raises:
            StoreUnavailable: Redis did not confirm; what is run again is known by its id.
        """
        await self._store.run("note_run", self._keys, [schedule, repr(at)])
