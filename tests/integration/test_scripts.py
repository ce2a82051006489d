"""The scripts, by themselves: what they are called with is what their heads say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from redis.exceptions import ResponseError

from shared.store.scripts import SOURCES, keys_of

if TYPE_CHECKING:
    from redis.asyncio import Redis

COUNTS = {name: keys_of(text) for name, text in SOURCES.items()}


@pytest.mark.parametrize("name", sorted(SOURCES))
@pytest.mark.parametrize("off", [-1, 1])
async def test_wrong_number_of_keys_is_an_error_and_nothing_is_written(
    redis: Redis, name: str, off: int
) -> None:
    keys = [f"key:{number}" for number in range(COUNTS[name] + off)]

    with pytest.raises(ResponseError, match=f"{name}.lua takes {COUNTS[name]} keys"):
        await redis.eval(SOURCES[name], len(keys), *keys, *["1"] * 12)

    assert await redis.dbsize() == 0


def test_what_is_only_included_is_no_script() -> None:
    assert not {"wake", "held", "head"} & set(SOURCES)
    assert not [name for name, text in SOURCES.items() if "-- include" in text]
