"""Lengths of time as they are typed: a number and `s`, `m`, `h` or `d`."""

import re
from datetime import timedelta

import typer

_TERM = re.compile(r"([0-9]{1,9})([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_TERM_MAX = timedelta(days=36_525)


def term_of(text: str, option: str) -> timedelta:
    """The length of time, above 0 and at most 100 years; raises `typer.BadParameter` for anything else."""
    parts = _TERM.fullmatch(text)
    term = timedelta(0) if parts is None else min(timedelta(**{_UNITS[parts[2]]: int(parts[1])}), 2 * _TERM_MAX)
    if not timedelta(0) < term <= _TERM_MAX:
        raise typer.BadParameter(
            "a number and s, m, h or d, such as 90d, above 0 and at most 36525d", param_hint=option
        )
    return term
