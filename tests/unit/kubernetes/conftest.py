"""Every test that asks for an installation is run on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.kubernetes.installation import CHOICES, installed

if TYPE_CHECKING:
    from tests.unit.kubernetes.installation import Installation


@pytest.fixture(params=CHOICES)
def installation(request: pytest.FixtureRequest) -> Installation:
    return installed(request.param)
