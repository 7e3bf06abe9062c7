"""How pages show parties, numbers and ratios; names of officers only to who is signed in."""

from collections.abc import Callable
from urllib.parse import quote

from tiendo_contracts.explanation import PARTY_WORDS, moment_of_text, number_in_words, percent_in_words
from tiendo_contracts.problem_kinds import Language
from tiendo_domain.timeline_types import Party, PartyKind

HIDDEN_NAME = "(đăng nhập để xem họ tên)"


def party_label(*, names: bool) -> Callable[[Party], str]:
    """The function that says who a party is."""

    def label(party: Party) -> str:
        match party.kind:
            case PartyKind.OFFICER:
                return (party.name or party.id or PARTY_WORDS[party.kind].vi) if names else HIDDEN_NAME
            case PartyKind.UNIT | PartyKind.CONSULTED_UNIT:
                return party.name or party.id or PARTY_WORDS[party.kind].vi
            case _:
                return PARTY_WORDS[party.kind].vi

    return label


def party_detail(*, names: bool) -> Callable[[Party], str]:
    """The function that says what is known beside a party's name: id, position, unit."""

    def detail(party: Party) -> str:
        match party.kind:
            case PartyKind.OFFICER:
                unit = None if party.unit is None else party.unit.name or party.unit.id
                known = [party.id if names and party.name is not None else None, party.position, unit]
                return ", ".join(part for part in known if part)
            case PartyKind.UNIT | PartyKind.CONSULTED_UNIT:
                return PARTY_WORDS[party.kind].vi
            case _:
                return "" if party.unit is None else party.unit.name or party.unit.id or ""

    return detail


def moment(text: str | None) -> str:
    """The instant of an answer by the clock of its own offset, as `08:05 15/08/2022`; a dash where there is none."""
    return "–" if text is None else moment_of_text(text)


def number(value: int | None) -> str:
    """The number with points between thousands, as Vietnamese is written; a dash where there is none."""
    return "–" if value is None else number_in_words(value, Language.VIETNAMESE)


def percent(ratio: float | None) -> str:
    """The ratio in per cent with one decimal, never rounded up to a whole it has not reached."""
    return "–" if ratio is None else percent_in_words(ratio, Language.VIETNAMESE)


def in_path(text: str) -> str:
    """The text as one segment of a path."""
    return quote(text, safe="")
