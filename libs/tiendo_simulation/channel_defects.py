"""What such a channel makes worse, at stated rates: states rewritten, rows invented, names and beginnings left out, names cut, codes changed, all late."""

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from random import Random

from tiendo_simulation.channel_telling import DONE, ChannelTold, DossierSnapshot, WorkRow

NAME_LENGTH_MAX = 50
_PAUSE_STATES = frozenset({5, 6, 8})


class ChannelDefect(StrEnum):
    """Kinds of defects; each befalls the share of rows, of pauses or of cases that `SHARES` states."""

    NO_BEGINNING = "no-beginning"
    PLACEHOLDER = "placeholder"
    CUT_NAME = "cut-name"
    REWRITTEN = "rewritten-state"
    INVENTED = "invented-row"
    BACK_FILLED = "back-filled"
    NEW_CODE = "new-code"


SHARES = {
    ChannelDefect.NO_BEGINNING: 0.05,
    ChannelDefect.PLACEHOLDER: 0.02,
    ChannelDefect.CUT_NAME: 0.01,
    ChannelDefect.REWRITTEN: 0.02,
    ChannelDefect.INVENTED: 0.02,
    ChannelDefect.BACK_FILLED: 0.02,
    ChannelDefect.NEW_CODE: 0.02,
}
"""Of cases: one in so many has the defect, in each of its rows that can have it."""


def chance_of_case(seed: int, number: int) -> Random:
    """What decides on the defects of the case of that number: the same for the same two."""
    return Random(f"{seed}/channel/{number}")


def badly_told(told: Sequence[ChannelTold], rng: Random) -> tuple[list[ChannelTold], ChannelDefect | None]:
    """What the channel tells, and the defect that it has, None for one without: at most one a case, so that its cost shows."""
    draw = rng.random()
    for defect, share in SHARES.items():
        if draw < share:
            worse = _WORSE[defect](list(told), rng)
            return (list(told), None) if worse == list(told) else (worse, defect)
        draw -= share
    return list(told), None


def _without_beginnings(told: list[ChannelTold], _: Random) -> list[ChannelTold]:
    return [replace(one, began_at=None, planned_end=None) if isinstance(one, WorkRow) else one for one in told]


def _by_placeholder(told: list[ChannelTold], rng: Random) -> list[ChannelTold]:
    rows = [one for one in told if isinstance(one, WorkRow) and one.officer]
    chosen = rng.choice(rows) if rows else None
    return [replace(chosen, officer="Chuyên viên", position="") if chosen and one is chosen else one for one in told]


def _with_cut_name(told: list[ChannelTold], rng: Random) -> list[ChannelTold]:
    rows = [one for one in told if isinstance(one, WorkRow) and one.officer]
    if not rows:
        return told
    row = rng.choice(rows)
    title = f"{row.position} {row.unit} {row.officer}"
    return [replace(one, officer=title[:NAME_LENGTH_MAX]) if one is row else one for one in told]


def _rewritten(told: list[ChannelTold], _: Random) -> list[ChannelTold]:
    """States of pauses are rewritten to 9, and their entries are not sent."""
    return (
        [
            replace(one, state=DONE if one.state in _PAUSE_STATES else one.state)
            if isinstance(one, WorkRow)
            else replace(one, entries=())
            for one in told
        ]
        if any(one.state in _PAUSE_STATES for one in told)
        else told
    )


def _with_invented_row(told: list[ChannelTold], rng: Random) -> list[ChannelTold]:
    """The one-stop counter closes what is open, by a row of its own."""
    rows = [one for one in told if isinstance(one, WorkRow)]
    if not rows:
        return told
    row = rng.choice(rows)
    invented = replace(
        row,
        officer="Cán bộ một cửa",
        position="",
        work="Kết thúc xử lý hồ sơ",
        state=DONE,
        began_at=None,
        planned_end=None,
    )
    place = told.index(row) + 1
    return [*told[:place], invented, *told[place:]]


def _back_filled(told: list[ChannelTold], rng: Random) -> list[ChannelTold]:
    """Rows come after everything else, in no order."""
    rows: list[ChannelTold] = [one for one in told if isinstance(one, WorkRow)]
    rng.shuffle(rows)
    return [*(one for one in told if isinstance(one, DossierSnapshot)), *rows]


def _under_a_new_code(told: list[ChannelTold], rng: Random) -> list[ChannelTold]:
    """From some message on the sender gives the dossier a code with other digits at its end, and names the one before as its other."""
    if len(told) < _MESSAGES_MIN:
        return told
    first, old = rng.randrange(1, len(told)), told[0].code
    new = _LAST_DIGITS.sub(lambda digits: "".join(rng.choice("0123456789") for _ in digits[0]), old)
    if new == old:
        return told
    return [*told[:first], *(replace(one, code=new, other_code=old) for one in told[first:])]


_MESSAGES_MIN = 2
_LAST_DIGITS = re.compile(r"\d+$")

_WORSE = {
    ChannelDefect.NO_BEGINNING: _without_beginnings,
    ChannelDefect.PLACEHOLDER: _by_placeholder,
    ChannelDefect.CUT_NAME: _with_cut_name,
    ChannelDefect.REWRITTEN: _rewritten,
    ChannelDefect.INVENTED: _with_invented_row,
    ChannelDefect.BACK_FILLED: _back_filled,
    ChannelDefect.NEW_CODE: _under_a_new_code,
}
