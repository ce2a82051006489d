"""Whatever happens to workers, wakes and clocks: nothing lost, one writer, in order."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.integration.model.person import machine

pytestmark = pytest.mark.timeout(600)


def test_conversations_survive_whatever_happens_to_their_workers(clean: str) -> None:
    run_state_machine_as_test(
        machine(clean), settings=settings(max_examples=100, stateful_step_count=50)
    )
