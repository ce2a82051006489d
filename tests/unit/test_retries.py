from __future__ import annotations

import pytest

from shared.errors import FeishuRateLimited, FeishuRejected, FeishuUnavailable, NoSuchApi
from shared.feishu.retries import retried
from tests.eventually import PATIENCE


class Stumbling:
    """Answers once it has no more faults."""

    def __init__(self, *faults: Exception) -> None:
        self._faults = list(faults)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self._faults:
            raise self._faults.pop(0)
        return "answer"


async def test_passing_fault_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.feishu.retries._PATIENCE", PATIENCE)
    call = Stumbling(FeishuUnavailable(), FeishuRateLimited(retry_after=0.1))

    assert await retried(call) == "answer"
    assert call.calls == 3


async def test_fault_that_stays_goes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # A slow machine is to be no reason to go up before the last try.
    monkeypatch.setattr("shared.feishu.retries._PATIENCE", PATIENCE)
    call = Stumbling(*(FeishuUnavailable(str(number)) for number in range(9)))

    with pytest.raises(FeishuUnavailable, match="3"):
        await retried(call)


@pytest.mark.parametrize(
    "fault",
    [FeishuRejected(230002, "Bot not in chat"), NoSuchApi(), FeishuRateLimited(retry_after=52.0)],
    ids=lambda fault: type(fault).__name__,
)
async def test_what_waiting_here_cannot_cure_goes_up_at_once(fault: Exception) -> None:
    call = Stumbling(fault)

    with pytest.raises(type(fault)):
        await retried(call)

    assert call.calls == 1
