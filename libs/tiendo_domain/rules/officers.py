"""Which officer ids are one person, and when that person was away (rules H10, H11)."""

from collections.abc import Iterable, Mapping, Sequence

from tiendo_domain.rules.definitions import AbsenceRule, OfficerRule

Officers = Mapping[str, tuple[OfficerRule, ...]]
"""Officer id -> all that was said of it, newest first."""
Absences = Mapping[str, tuple[AbsenceRule, ...]]
"""Officer id -> absences, in the order of their beginnings."""


def joined_ids(officers: Officers) -> dict[str, str]:
    """The ids that are joined to another, each with the id at the end of its line; a ring ends at its smallest id.

    What is said of a join holds at all times; of two for one id that with the newest first day.
    """
    links = {identity: link for identity, rules in officers.items() if (link := same_as(rules)) is not None}
    ends: dict[str, str] = {}
    for identity in links:
        if identity in ends:
            continue
        line = _line_from(identity, links, ends)
        last = links[line[-1]]
        end = min(line[line.index(last) :]) if last in line else ends.get(last, last)
        ends.update(dict.fromkeys(line, end))
    return {identity: end for identity, end in ends.items() if end != identity}


def same_as(rules: Sequence[OfficerRule]) -> str | None:
    """The id that an officer's rules, newest first, join it to."""
    return next((rule.same_as for rule in rules if rule.same_as is not None), None)


def _line_from(identity: str, links: Mapping[str, str], ends: Mapping[str, str]) -> list[str]:
    """The ids joined one to the next from `identity` on, up to what is known, not joined, or stands in the line already."""
    line: dict[str, None] = {}
    while identity in links and identity not in line and identity not in ends:
        line[identity] = None
        identity = links[identity]
    return list(line)


def joined_absences(absences: Absences, joined: Mapping[str, str]) -> dict[str, tuple[AbsenceRule, ...]]:
    """The absences of each person, under the id that the others are joined to."""
    found: dict[str, list[AbsenceRule]] = {}
    for identity, rules in absences.items():
        found.setdefault(joined.get(identity, identity), []).extend(rules)
    return {identity: in_order(rules) for identity, rules in found.items()}


def with_absence(rules: Sequence[AbsenceRule], added: AbsenceRule) -> tuple[AbsenceRule, ...]:
    """An officer's absences with `added` in place of the one of the same bounds."""
    others = [rule for rule in rules if (rule.from_, rule.to) != (added.from_, added.to)]
    return in_order([*others, added])


def in_order(rules: Iterable[AbsenceRule]) -> tuple[AbsenceRule, ...]:
    """By beginning and end as written: an order that does not depend on who said what first."""
    return tuple(sorted(rules, key=_bounds))


def _bounds(rule: AbsenceRule) -> tuple[str, str, str, str]:
    return rule.from_.isoformat(), rule.to.isoformat(), rule.officer, rule.kind or ""
