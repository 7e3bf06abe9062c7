"""How Hypothesis runs here: the same examples every time and no clock; with EXAMPLES=20 (`make nightly`) twenty times as many, at random."""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

_FACTOR = int(os.environ.get("EXAMPLES", "1"))
_EXAMPLES = 100
_FIXED, _NIGHTLY = "fixed", "nightly"
_SUPPRESSED = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def load_profile() -> None:
    """Let every property of the tests run so, whatever it says of itself: a busy machine fails none, a seed repeats a random run."""
    common = settings(deadline=None, database=None, suppress_health_check=_SUPPRESSED, print_blob=True)
    settings.register_profile(_FIXED, common, derandomize=True)
    settings.register_profile(_NIGHTLY, common, derandomize=False, max_examples=_EXAMPLES * _FACTOR)
    settings.load_profile(_FIXED if _FACTOR == 1 else _NIGHTLY)


def bounded(examples: int, *suppressed: HealthCheck) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The settings of one property: at most `examples` examples, or their multiple at night; `suppressed`: further health checks."""
    return settings(max_examples=examples * _FACTOR, suppress_health_check=[*_SUPPRESSED, *suppressed])
