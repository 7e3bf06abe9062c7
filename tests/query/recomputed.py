"""Lists and totals computed once more from what the timelines of all cases say, as a program of somebody else's would: from JSON alone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

Plain = Mapping[str, Any]

OVERDUE: Final = ("actual", "late-entry", "unproven")
_NOT_OPEN: Final = ("submitted", "completed", "delivered", "declined", "withdrawn")
BORNE: Final = ("attributed_minutes", "attributed_by_rule_minutes", "late_entry_minutes", "late_entry_by_rule_minutes")


@dataclass(frozen=True, kw_only=True)
class Borne:
    """What one party of a case bears: share and late entry, each after decisions and by rule, and what decisions moved to it."""

    party: Plain
    minutes: tuple[int, int, int, int]
    received: int

    @property
    def late(self) -> bool:
        """Whether the case is late for the party after decisions."""
        return self.minutes[0] > 0 or self.minutes[2] > 0

    @property
    def late_by_rule(self) -> bool:
        """The same without any decision."""
        return self.minutes[1] > 0 or self.minutes[3] > 0


def borne_in(timeline: Plain) -> dict[str, Borne]:
    """Party's key -> what it bears in the case."""
    found: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    parties: dict[str, Plain] = {}
    by_rule = timeline["late_entry_by_rule_minutes"]
    entered = [{"party": timeline["late_entry_party"], "minutes": by_rule}] if by_rule else []
    lists = (timeline["attributions"], timeline["attributions_by_rule"], timeline["late_entries"], entered)
    for place, rows in enumerate(lists):
        for row in rows:
            key = row["party"]["key"]
            parties.setdefault(key, row["party"])
            found[key][place] += row["minutes"]
            found[key][4] += row.get("received_by_decision_minutes", 0)
    return {
        key: Borne(party=parties[key], minutes=(one[0], one[1], one[2], one[3]), received=one[4])
        for key, one in found.items()
    }


@dataclass(frozen=True, kw_only=True)
class Recomputed:
    """Timelines as at one instant, looked at over the period [start, end)."""

    timelines: Mapping[str, Plain]
    start: datetime
    end: datetime

    def ended(self, timeline: Plain) -> bool:
        """Whether its finish was recorded in the period."""
        recorded = timeline["finish_recorded_at"]
        return recorded is not None and self.start <= datetime.fromisoformat(recorded) < self.end

    def counted(self) -> Iterator[Plain]:
        """The cases of the period: finished in it, or open."""
        return (one for one in self.timelines.values() if self.ended(one) or is_open(one))

    def figures(self, responsible: Callable[[Plain], bool] = lambda _: True) -> Counter[str]:
        """The figures of a report, of the cases for whom somebody is responsible."""
        counts: Counter[str] = Counter()
        for one in filter(responsible, self.counted()):
            counts["open"] += is_open(one)
            counts["open_overdue"] += is_open(one) and one["overdue"] is True
            if not self.ended(one):
                continue
            counts["declined"] += one["state"] == "declined"
            counts["withdrawn"] += one["state"] == "withdrawn"
            counts["lateness_minutes"] += one["lateness_minutes"] or 0
            counts["lateness_by_rule_minutes"] += one["lateness_by_rule_minutes"] or 0
            counts["late_entry_of_cases_minutes"] += one["late_entry_minutes"]
            counts["late_entry_of_cases_by_rule_minutes"] += one["late_entry_by_rule_minutes"]
            if one["completed_at"] is None:
                continue
            counts["resolved"] += 1
            counts["resolved_overdue"] += one["class"] in OVERDUE
            counts["resolved_overdue_by_rule"] += one["class_by_rule"] in OVERDUE
            for name in OVERDUE:
                counts[name.replace("-", "_")] += one["class"] == name
                counts[f"{name.replace('-', '_')}_by_rule"] += one["class_by_rule"] == name
            for name in ("pause-not-respected", "late-sync"):
                counts[name.replace("-", "_")] += one["class"] == name
        return +counts

    def officers(self) -> dict[str, Counter[str]]:
        """Officer's key -> totals over the cases of the period."""
        sums: dict[str, Counter[str]] = defaultdict(Counter)
        for one in self.counted():
            overrun: Counter[str] = Counter()
            for hold in one["holds"]:
                if hold["party"]["kind"] == "officer":
                    overrun[hold["party"]["key"]] += hold["overrun_minutes"] or 0
            borne = {key: found for key, found in borne_in(one).items() if found.party["kind"] == "officer"}
            for key in {*overrun, *borne}:
                sums[key].update(cases=1, overrun_minutes=overrun[key])
            for key, found in borne.items():
                sums[key].update(dict(zip(BORNE, found.minutes, strict=True)))
                sums[key].update(late_cases=int(found.late), late_cases_by_rule=int(found.late_by_rule))
        return {key: +found for key, found in sums.items()}

    def borne_by(self, of_unit: Callable[[str], bool]) -> Counter[str]:
        """What the parties of units bear in the cases finished in the period, whoever is responsible for these."""
        sums: Counter[str] = Counter()
        for one in filter(self.ended, self.timelines.values()):
            for found in borne_in(one).values():
                unit = found.party["unit"]
                if unit is not None and unit["id"] is not None and of_unit(unit["id"]):
                    sums.update(dict(zip(BORNE, found.minutes, strict=True)))
                    sums["received_by_decision_minutes"] += found.received
        return sums

    def delays(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """(Case, party's key) -> what the party bears, and what decisions moved to it."""
        return {
            (one["case_id"], key): (*found.minutes, found.received)
            for one in self.counted()
            for key, found in borne_in(one).items()
        }

    def difficulties(self) -> dict[str, list[int]]:
        """Reason -> explanations, accepted, refused and pending ones, minutes by rule and after decisions."""
        sums: dict[str, list[int]] = defaultdict(lambda: [0] * 6)
        for one in filter(self.ended, self.timelines.values()):
            borne, seen = borne_in(one), set[tuple[str, str]]()
            for explanation in one["explanations"]:
                if explanation["state"] == "withdrawn":
                    continue
                outcome = outcome_of(one, explanation)
                added = [1, outcome == "accepted", outcome == "refused", explanation["state"] == "pending", 0, 0]
                key = key_of_officer(explanation["officer"]["id"])
                if key in borne and (key, explanation["reason"]) not in seen:
                    seen.add((key, explanation["reason"]))
                    after, by_rule, entry, entry_by_rule = borne[key].minutes
                    added[4:] = [by_rule + entry_by_rule, after + entry]
                sums[explanation["reason"]] = [
                    total + more for total, more in zip(sums[explanation["reason"]], added, strict=True)
                ]
        return sums


def is_open(timeline: Plain) -> bool:
    """Received and not finished."""
    return timeline["state"] not in _NOT_OPEN


def counts_as_overdue(timeline: Plain, of_class: str) -> bool:
    """Whether lists count it as overdue, by the member that says its class."""
    return timeline[of_class] in OVERDUE or (is_open(timeline) and timeline["overdue"] is True)


def key_of_officer(officer_id: str) -> str:
    """The key that tells officers with an id apart."""
    return f'["officer", "{officer_id}"]'


def outcome_of(timeline: Plain, explanation: Plain) -> str | None:
    """What the decision says that holds of the explanation, the last one by rule T1 that counts."""
    of = {"source": explanation["source"], "id": explanation["id"]}
    decided = [
        one for one in timeline["decisions"] if one["explanation"] == of and "decided-by-party" not in one["marks"]
    ]
    return None if explanation["state"] != "decided" or not decided else decided[-1]["outcome"]


def summed(rows: Iterable[Plain], *names: str) -> tuple[int, ...]:
    """The sums of the members over the rows."""
    found = list(rows)
    return tuple(sum(row[name] for row in found) for name in names)
