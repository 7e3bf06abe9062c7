"""What a rules file may not say against the rule book that it is applied to: unknown calendars, circles and rings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from tiendo_contracts.directory.described import rule_of
from tiendo_contracts.rules_file.errors import RulesFileError, RulesFileProblem
from tiendo_contracts.rules_file.tables import RulesTables
from tiendo_domain.rules import OfficerRule, RuleBook, UnitRule
from tiendo_domain.rules.definitions import DEFAULT_CALENDAR
from tiendo_domain.rules.units import merged_into

Links = Mapping[str, str]
"""From an id to the one that it points to."""


def refuse_contradictions(rules: RulesTables, book: RuleBook) -> None:
    """Raise `RulesFileError` with every calendar that nobody defines, circle of parents or successors, and ring of officers."""
    problems = [
        *_unknown_calendars(rules, book),
        *_circles_of_units(rules, book),
        *_contradicting_joins(rules, book),
        *_rings_of_officers(rules, book),
    ]
    if problems:
        raise RulesFileError(problems)


def _unknown_calendars(rules: RulesTables, book: RuleBook) -> Iterator[RulesFileProblem]:
    known = {*book.calendars, *(calendar.id for calendar in rules.calendar), DEFAULT_CALENDAR}
    named = [("session", index, session.calendar) for index, session in enumerate(rules.session)]
    named += [("override", index, override.calendar) for index, override in enumerate(rules.override)]
    for table, index, name in named:
        if name not in known:
            message = f'"{name}" is no calendar; define it by [[calendar]] or name one of {", ".join(sorted(known))}'
            yield RulesFileProblem.of_entry(table, index, "calendar", message)


def _circles_of_units(rules: RulesTables, book: RuleBook) -> Iterator[RulesFileProblem]:
    """Units that lie below themselves, by parents and mergers, on any day; each entry of the file is told once for each of the two."""
    units = [rule_of(UnitRule, unit) for unit in rules.unit]
    after = book.with_definitions(units)
    told: set[tuple[int, str]] = set()
    for day in (date.min, *after.unit_days) if units else ():
        successors = _links((unit, merged_into(known, day)) for unit, known in after.unit_rules.items())
        parents = _links((unit, _parent(known, day)) for unit, known in after.unit_rules.items())
        above = {**parents, **successors}
        circle = _in_rings(above)
        for index, unit in enumerate(units):
            key = "merged_into" if unit.id in successors else "parent"
            if unit.id in circle and (index, key) not in told:
                told.add((index, key))
                right = (
                    "the unit that goes on is merged into none" if key == "merged_into" else "the topmost has no parent"
                )
                yield _problem("unit", index, key, f"{_circle(unit.id, above, successors)}: a circle; {right}")


def _links(pairs: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    return {unit: other for unit, other in pairs if other is not None}


def _parent(rules: Sequence[UnitRule], day: date) -> str | None:
    """The parent by the newest of a unit's rules that is valid on `day`."""
    begun = (rule for rule in rules if (rule.valid_from or date.min) <= day)
    return next((rule.parent for rule in begun if rule.valid_to is None or day < rule.valid_to), None)


def _circle(unit_id: str, above: Links, successors: Links) -> str:
    line = _line(unit_id, above)
    words = (" is merged into " if unit in successors else " is below " for unit in line)
    return "".join(f"{unit}{word}" for unit, word in zip(line[:-1], words, strict=False)) + line[-1]


def _contradicting_joins(rules: RulesTables, book: RuleBook) -> Iterator[RulesFileProblem]:
    after = book.with_definitions(rule_of(OfficerRule, officer) for officer in rules.officer).officers
    for index, officer in enumerate(rules.officer):
        others = {rule.same_as for rule in after[officer.id]} - {None, officer.same_as}
        if officer.same_as is not None and others:
            message = (
                f"{officer.id} is joined to {officer.same_as} and to {' and '.join(sorted(map(str, others)))}; "
                "a join holds at all times, so state one, and mend the other entry of the same `id` and `valid_from`"
            )
            yield _problem("officer", index, "same_as", message)


def _rings_of_officers(rules: RulesTables, book: RuleBook) -> Iterator[RulesFileProblem]:
    after = book.with_definitions(rule_of(OfficerRule, officer) for officer in rules.officer).officers
    links = {
        identity: link
        for identity, known in after.items()
        if (link := next((rule.same_as for rule in known if rule.same_as is not None), None)) is not None
    }
    rings = _in_rings(links)
    for index, officer in enumerate(rules.officer):
        if officer.id in rings and officer.same_as is not None:
            line = " is the same as ".join(_line(officer.id, links))
            yield _problem("officer", index, "same_as", f"{line}: a ring; the id that stays is joined to none")


def _in_rings(links: Links) -> set[str]:
    """The ids from which the links lead back to themselves."""
    found: set[str] = set()
    done: set[str] = set()
    for start in links:
        line: dict[str, int] = {}
        identity = start
        while identity in links and identity not in done and identity not in line:
            line[identity] = len(line)
            identity = links[identity]
        if identity in line:
            found.update(list(line)[line[identity] :])
        done.update(line)
    return found


def _line(identity: str, links: Links) -> list[str]:
    """The line of links from an id back to itself."""
    line = [identity]
    while links[line[-1]] != identity:
        line.append(links[line[-1]])
    return [*line, identity]


def _problem(table: str, index: int, key: str, message: str) -> RulesFileProblem:
    return RulesFileProblem.of_entry(table, index, key, message)
