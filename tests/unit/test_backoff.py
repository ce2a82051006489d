from __future__ import annotations

from ingress.sources.backoff import FIRST, Backoff


def test_first_try_comes_at_once_with_jitter() -> None:
    waits = {Backoff().next(cap=60) for _ in range(50)}

    assert len(waits) > 1
    assert max(waits) <= FIRST


def test_waits_double_up_to_the_cap() -> None:
    backoff = Backoff()

    waits = [backoff.next(cap=8) for _ in range(100)]

    assert all(low < high for low, high in zip(waits[:4], waits[2:6], strict=True))
    assert 4 <= max(waits) <= 8


def test_success_starts_over() -> None:
    backoff = Backoff()
    for _ in range(10):
        backoff.next(cap=60)

    backoff.reset()

    assert backoff.next(cap=60) <= FIRST
