"""What usage costs."""

from __future__ import annotations

import pytest

from shared.model.usage import Usage
from workers.policy.prices import Prices

OPENAI = "https://api.openai.com/v1"
OWN = {"in-house": (0.5, 2.0), "gpt-5-mini": (0.0, 0.0)}


def price(
    model: str, *, url: str = OPENAI, own: dict[str, tuple[float, float]] | None = None
) -> int:
    return Prices(own or {}, url).priced(Usage(model, read=1000, wrote=500)).price


def test_price_is_that_of_the_provider() -> None:
    assert price("gpt-4o") == 7500  # 2.50 and 10.00 dollars per million


@pytest.mark.parametrize("url", ["https://llm.example.com/v1", "http://127.0.0.1:8700/v1"])
def test_unknown_provider_costs_what_its_model_does_elsewhere(url: str) -> None:
    assert price("gpt-4o", url=url) == 7500


def test_unknown_model_costs_nothing() -> None:
    assert price("nobody-has-heard-of-it") == 0


def test_own_prices_go_before_the_lists() -> None:
    assert price("in-house", own=OWN) == 1500
    assert price("gpt-5-mini", own=OWN) == 0


def test_price_that_is_known_already_is_kept() -> None:
    known = Usage("gpt-4o", 1000, 500, price=1)

    assert Prices({}, OPENAI).priced(known) is known
