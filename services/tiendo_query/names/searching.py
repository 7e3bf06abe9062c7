"""What is searched by names: without diacritics, by the beginnings of words or the initials, and by what the directory says too.

A text of blanks alone asks for nothing: then everything is found, as where none is given.
"""

from tiendo_domain.names import is_found
from tiendo_domain.rules import RuleBook
from tiendo_query.names.directory_names import DirectoryNames
from tiendo_query.names.known_officers import officer_key
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.cases.text_search import TextSearch
from tiendo_read_models.queries.directory import names_of_ids
from tiendo_read_models.queries.officers import OfficerNames, latest_names
from tiendo_read_models.queries.periods import Period
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


async def officers_found(snapshot: Snapshot, text: str, period: Period) -> list[OfficerNames]:
    """The officers with an id who held cases that the caller sees by the period's end, and whom the text finds as they are shown then."""
    reader, rules = snapshot.reader, snapshot.rules
    of_directory = set(_officers_found(rules, text))
    ids = [
        officer_id
        for officer_id, names in (await names_of_ids(reader.connection, reader.build)).items()
        if rules.officer_id(officer_id) in of_directory
        or _has_part(officer_id, text)
        or any(is_found(text, name) for name in names)
    ]
    keys = list({officer_key(officer_id, rules): None for officer_id in ids})
    latest = await latest_names(reader.connection, reader.build, keys, period.as_of)
    named = DirectoryNames.of(snapshot)
    shown = (named.officer(names, period) for names in latest.values())
    return [names for names in shown if names.id and finds_officer(text, names)]


def finds_officer(text: str, names: OfficerNames) -> bool:
    """Whether the text finds an officer: by name, or by a part of the id."""
    return finds_thing(text, names.id, names.name)


def finds_unit(text: str, unit: UnitNode) -> bool:
    """Whether the text finds a unit: by name, or by a part of the id."""
    return finds_thing(text, unit.id, unit.name)


def finds_thing(text: str, identity: str | None, name: str | None) -> bool:
    """Whether the text finds something that has an id and a name: by name, or by a part of the id; a text of blanks finds all."""
    return not text.strip() or is_found(text, name) or _has_part(identity, text)


def _has_part(identity: str | None, text: str) -> bool:
    return identity is not None and text.strip().casefold() in identity.casefold()
