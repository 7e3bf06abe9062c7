"""One simulation for all tests of this folder."""

import pytest
from tests.simulation.answers import World, world

from tiendo_contracts.directory.public_holidays import public_holidays_of
from tiendo_domain.rules import CalendarDefinition
from tiendo_simulation import Simulation

SCALE = 0.02


VIETNAM = CalendarDefinition(
    id="vn",
    time_zone="Asia/Ho_Chi_Minh",
    holidays="VN",
    days_off=public_holidays_of("VN").days_off,
    make_up_days=public_holidays_of("VN").make_up_days,
)
"""The calendar that a new log is seeded with."""


@pytest.fixture(scope="session")
def simulated() -> World:
    """A fiftieth of the province, with the calendar that a new log is seeded with."""
    return world(Simulation("kontum-2022", scale=SCALE), [VIETNAM])
