from __future__ import annotations

import pytest

from shared.errors import FeishuRejected, ModelRefused, ModelUnavailable
from shared.model.outcome import Abandoned, Deferred
from workers.settle import outcome_of


@pytest.mark.parametrize("error", [ModelUnavailable(), RuntimeError("a bug")])
def test_fault_that_may_pass_is_deferred(error: Exception) -> None:
    assert isinstance(outcome_of(error, attempt=1, attempts=3), Deferred)


def test_wait_grows_with_every_attempt() -> None:
    waits = [outcome_of(ModelUnavailable(), attempt=n, attempts=9) for n in (1, 2, 3, 8)]

    seconds = [wait.seconds for wait in waits if isinstance(wait, Deferred)]
    assert seconds == sorted(seconds)
    assert seconds[-1] <= 300


def test_far_side_is_given_the_time_it_asked_for() -> None:
    outcome = outcome_of(ModelUnavailable(retry_after=77.0), attempt=1, attempts=3)

    assert isinstance(outcome, Deferred)
    assert outcome.seconds == 77.0


def test_last_attempt_is_the_last() -> None:
    assert isinstance(outcome_of(ModelUnavailable("no"), attempt=3, attempts=3), Abandoned)


@pytest.mark.parametrize("error", [ModelRefused("no"), FeishuRejected(230002, "not in chat")])
def test_fault_that_no_retry_cures_is_abandoned_at_once(error: Exception) -> None:
    assert outcome_of(error, attempt=1, attempts=9) == Abandoned(str(error))


def test_reason_for_a_bug_holds_no_text_of_the_user() -> None:
    outcome = outcome_of(ValueError("what the user wrote"), attempt=9, attempts=9)

    assert outcome == Abandoned("ValueError")
