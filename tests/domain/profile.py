"""How Hypothesis runs here: the same examples every time, as many as fit the time of the tests; EXAMPLES=20 tries twenty times as many, at random."""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

_FACTOR = int(os.environ.get("EXAMPLES", "1"))


def bounded(examples: int, *suppressed: HealthCheck) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The settings of one property: at most `examples` examples, without a clock; `suppressed`: further health checks."""
    return settings(
        max_examples=examples * _FACTOR,
        derandomize=_FACTOR == 1,
        database=None,
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
            *suppressed,
        ],
    )
