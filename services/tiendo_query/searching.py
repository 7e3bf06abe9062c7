"""What is searched by names: without diacritics, by the beginnings of words or the initials, and by what the directory says too.

A text of blanks alone asks for nothing: then everything is found, as where none is given.
"""

from tiendo_domain.names import is_found
from tiendo_domain.rules import RuleBook
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.officers import OfficerNames
from tiendo_read_models.queries.text_search import TextSearch
from tiendo_read_models.queries.units import UnitNode


async def text_search(snapshot: Snapshot, text: str | None, *, people: bool) -> TextSearch | None:
    """How cases are searched by the text; None where it asks for nothing."""
    if text is None or not text.strip():
        return None
    search = TextSearch(text=text, people=people)
    if search.is_by_code_alone:
        return search
    rules = snapshot.rules
    return TextSearch(
        text=text,
        people=people,
        unit_ids=tuple(
            unit for unit, known in rules.unit_rules.items() if any(is_found(text, rule.name) for rule in known)
        ),
        officer_ids=_officers_found(rules, text) if people else (),
    )


def _officers_found(rules: RuleBook, text: str) -> tuple[str, ...]:
    return tuple(
        {
            rules.officer_id(officer): None
            for officer, known in rules.officers.items()
            if any(is_found(text, rule.name) for rule in known)
        }
    )


def finds_officer(text: str, names: OfficerNames) -> bool:
    """Whether the text finds an officer: by name, or by a part of the id."""
    return not text.strip() or is_found(text, names.name) or _has_part(names.id, text)


def finds_unit(text: str, unit: UnitNode) -> bool:
    """Whether the text finds a unit: by name, or by a part of the id."""
    return not text.strip() or is_found(text, unit.name) or _has_part(unit.id, text)


def _has_part(identity: str | None, text: str) -> bool:
    return identity is not None and text.strip().casefold() in identity.casefold()
