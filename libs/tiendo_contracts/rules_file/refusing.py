"""What a rules file may not say against the rule book that it is applied to: unknown calendars, circles and rings."""

from collections.abc import Iterator, Mapping
from datetime import date

from tiendo_contracts.directory.decoding import officer_of, unit_of
from tiendo_contracts.rules_file.errors import RulesFileError, RulesFileProblem, entry_place
from tiendo_contracts.rules_file.tables import RulesTables
from tiendo_domain.rules import RuleBook, UnitRule
from tiendo_domain.rules.definitions import DEFAULT_CALENDAR

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
            yield RulesFileProblem(
                place=entry_place(table, index, "calendar"),
                message=f'"{name}" is no calendar; define it by [[calendar]] or name one of {", ".join(sorted(known))}',
            )


def _circles_of_units(rules: RulesTables, book: RuleBook) -> Iterator[RulesFileProblem]:
    """Units that lie below themselves, or are merged into themselves, on any day; each entry of the file is told once."""
    units = [unit_of(unit) for unit in rules.unit]
    after = book.with_definitions(units).unit_rules
    days = sorted({rule.valid_from or date.min for rules_of_unit in after.values() for rule in rules_of_unit})
    told: set[tuple[int, str]] = set()
    for day in days if units else ():
        valid = [rule for rules_of_unit in after.values() if (rule := _valid(rules_of_unit, day)) is not None]
        parents = {rule.id: rule.parent for rule in valid if rule.parent is not None}
        successors = {rule.id: rule.merged_into for rule in valid if rule.merged_into is not None}
        below, merged = _in_rings(parents), _in_rings(successors)
        for index, unit in enumerate(units):
            if unit.id in below and (index, "parent") not in told:
                told.add((index, "parent"))
                line = " is below ".join(_line(unit.id, parents))
                yield _problem("unit", index, "parent", f"{line}: a circle; the topmost unit has no parent")
            if unit.id in merged and (index, "merged_into") not in told:
                told.add((index, "merged_into"))
                line = " is merged into ".join(_line(unit.id, successors))
                yield _problem(
                    "unit", index, "merged_into", f"{line}: a circle; the unit that goes on is merged into none"
                )


def _valid(rules: tuple[UnitRule, ...], day: date) -> UnitRule | None:
    """The newest of a unit's rules that is valid on `day`."""
    begun = (rule for rule in rules if (rule.valid_from or date.min) <= day)
    return next((rule for rule in begun if rule.valid_to is None or day < rule.valid_to), None)


def _contradicting_joins(rules: RulesTables, book: RuleBook) -> Iterator[RulesFileProblem]:
    after = book.with_definitions(officer_of(officer) for officer in rules.officer).officers
    for index, officer in enumerate(rules.officer):
        others = {rule.same_as for rule in after[officer.id]} - {None, officer.same_as}
        if officer.same_as is not None and others:
            message = (
                f"{officer.id} is joined to {officer.same_as} and to {' and '.join(sorted(map(str, others)))}; "
                "a join holds at all times, so state one, and mend the other entry of the same `id` and `valid_from`"
            )
            yield _problem("officer", index, "same_as", message)


def _rings_of_officers(rules: RulesTables, book: RuleBook) -> Iterator[RulesFileProblem]:
    after = book.with_definitions(officer_of(officer) for officer in rules.officer).officers
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
    return RulesFileProblem(place=entry_place(table, index, key), message=message)
