"""What tokens cost."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from workers.policy.money import millionths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.usage import Usage


class Prices:
    """The team's own prices, and below them the lists of the providers, as of their release."""

    def __init__(self, own: Mapping[str, tuple[float, float]], url: str) -> None:
        """`own` are dollars per million tokens read and written; `url` is where models are."""
        self._own = own
        self._url = url

    def priced(self, usage: Usage) -> Usage:
        """Return a usage with its price; one that has a price keeps it, an unknown one is 0.

        The first call that needs a list reads it, which blocks for 0.2 s.
        """
        if usage.price:
            return usage
        if usage.model in self._own:
            read, wrote = self._own[usage.model]
            return replace(usage, price=round(read * usage.read + wrote * usage.wrote))
        return replace(usage, price=self._listed(usage))

    def _listed(self, usage: Usage) -> int:
        """Look it up: of whoever is at the URL, else of whoever has a model of this name."""
        lists = import_module("genai_prices")  # most workers have no budgets in money
        took = lists.Usage(input_tokens=usage.read, output_tokens=usage.wrote)
        for provider in ({"provider_api_url": self._url}, {}):
            try:
                price = lists.calc_price(took, usage.model, **provider).total_price
            except LookupError:
                continue
            return millionths(price)
        return 0
