"""The services are asked with the clock standing still."""

from __future__ import annotations

import pytest

from tests.conftest import Clock


@pytest.fixture(autouse=True)
def _standing_clock(clock: Clock) -> None:
    """It is noon of 18 November 2026."""
