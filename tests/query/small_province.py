"""A small province with cases across units, and who may see what of it, worked out from the contract's sentences by looking at every case."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.rules import RuleBook, UnitRule
from tiendo_domain.timeline import JoinedCase, joined_cases, timeline_of
from tiendo_domain.timeline_types import CaseTimeline, Party

SOURCE: Final = "/kontum/igate"
BEGIN: Final = datetime(2022, 8, 1, 1, 30, tzinfo=UTC)

RULES: Final = (
    UnitRule(id="H34", name="UBND tỉnh"),
    UnitRule(id="H34.LAND", name="Sở Tài nguyên", parent="H34"),
    UnitRule(id="H34.20", name="Chi nhánh 20", parent="H34.LAND"),
    UnitRule(id="H34.TOWN", name="UBND thành phố", parent="H34"),
    UnitRule(id="H34.OLD", name="Huyện cũ", parent="H34.LAND", merged_into="H34.TOWN", valid_to=BEGIN.date()),
    UnitRule(
        id="H34.LATER", parent="H34.LAND", merged_into="H34.TOWN", valid_to=datetime(2199, 1, 1, tzinfo=UTC).date()
    ),
    UnitRule(id="H34.MOVED", parent="H34.LAND", valid_to=BEGIN.date()),
    UnitRule(id="H34.MOVED", parent="H34.TOWN", valid_from=BEGIN.date()),
    UnitRule(id="H34.GAP", parent="H34.BETWEEN"),
)
"""`H34.BETWEEN`, `H34.20.1`, `H34.TOWN.1` and `H34.X` are units that only events know."""


def unit(identity: str, parent: str | None = None) -> dict[str, Any]:
    """A unit as events name one."""
    return {"id": identity, "name": f"Đơn vị {identity}"} | ({} if parent is None else {"parent": parent})


def officer(number: int, of: Mapping[str, Any]) -> dict[str, Any]:
    """An officer as events name one."""
    return {"id": f"CC-{number}", "name": f"Họ Tên {number}q", "position": f"Chức vụ {number}q", "unit": of}


ROOM: Final = unit("H34.20.1", "H34.20")
WARD: Final = unit("H34.TOWN.1", "H34.TOWN")
LAND: Final = unit("H34.LAND", "H34")
TOWN: Final = unit("H34.TOWN", "H34")
BRANCH: Final = unit("H34.20", "H34.LAND")
CLERK, LEADER, MAYOR = officer(1, ROOM), officer(2, LAND), officer(3, WARD)


@dataclass(slots=True)
class Telling:
    """The events of one case, an hour apart."""

    case_id: str
    texts: list[str] = field(default_factory=list)
    at: datetime = BEGIN

    def __call__(self, kind: str, *, hours: float = 1, recorded_later: float = 0, **data: Any) -> "Telling":
        """The same with one more event."""
        self.at += timedelta(hours=hours)
        event = {
            "specversion": "1.0",
            "id": f"{self.case_id}-e{len(self.texts)}",
            "source": SOURCE,
            "type": f"vn.tiendo.case.{kind}.v1",
            "subject": self.case_id,
            "time": self.at.isoformat(),
            "recordedat": (self.at + timedelta(hours=recorded_later)).isoformat(),
            "data": data,
        }
        self.texts.append(json.dumps(event, ensure_ascii=False))
        return self

    def received(self, of: Mapping[str, Any], by: Mapping[str, Any], *, due_hours: float = 24) -> "Telling":
        """Received by somebody, the responsibility of a unit."""
        due = self.at + timedelta(hours=1 + due_hours)
        step = {"id": "s-0", "name": "Tiếp nhận", "allotted_minutes": 60}
        return self("received", unit=of, holder=by, due_at=due.isoformat(), step=step)

    def handed(self, to: Mapping[str, Any], *, hours: float = 30, **data: Any) -> "Telling":
        """Handed to somebody."""
        step = {"id": f"s-{len(self.texts)}", "name": "Thẩm định", "allotted_minutes": 60}
        return self("forwarded", hours=hours, holder=to, step=step, **data)

    def done(self, *, hours: float = 60, recorded_later: float = 0, **data: Any) -> "Telling":
        """Completed, late unless said otherwise."""
        return self("completed", hours=hours, recorded_later=recorded_later, **data)


def told_cases() -> list[Telling]:
    """The cases: of one unit, across units, of units that events alone know, merged, moved, joined, open, recorded late."""
    queue = {"unit": BRANCH}
    moved_before, moved_after = officer(4, BRANCH), officer(4, TOWN)
    case = Telling
    return [
        case("HS-LAND").received(BRANCH, CLERK).handed(LEADER).done(),
        case("HS-TOWN").received(TOWN, MAYOR).handed(officer(5, TOWN)).done(),
        case("HS-LAND-BY-WARD").received(BRANCH, CLERK).handed(MAYOR).done(),
        case("HS-TOWN-ASKED")
        .received(TOWN, MAYOR)("consultation-requested", hours=2, actor=MAYOR, unit=LAND)(
            "consultation-answered", hours=50, actor=LEADER
        )
        .done(),
        case("HS-TOWN-ACTED").received(TOWN, MAYOR).handed(officer(5, TOWN), actor=LEADER).done(actor=LEADER),
        case("HS-OLD").received(unit("H34.OLD"), officer(6, unit("H34.OLD"))).done(),
        case("HS-LATER").received(unit("H34.LATER"), officer(7, unit("H34.LATER"))).done(),
        case("HS-MOVED").received(unit("H34.MOVED"), officer(8, unit("H34.MOVED"))).done(),
        case("HS-X-TOWN").received(unit("H34.X", "H34.TOWN"), officer(9, unit("H34.X"))).done(),
        case("HS-X-LAND").received(unit("H34.X", "H34.LAND"), officer(9, unit("H34.X"))).done(),
        case("HS-GAP").received(unit("H34.GAP"), officer(10, unit("H34.BETWEEN", "H34.TOWN"))).done(),
        case("HS-GAP-NOWHERE").received(unit("H34.GAP"), officer(10, unit("H34.GAP"))).done(),
        case("HS-CLAIMED").received(unit("H34.TOWN", "H34.LAND"), MAYOR).done(),
        case("HS-OFFICER-BEFORE").received(BRANCH, moved_before).done(),
        case("HS-OFFICER-AFTER").received(TOWN, moved_after).handed(MAYOR).done(),
        case("HS-OFFICER-LENT").received(TOWN, MAYOR).handed(moved_before).done(),
        case("HS-OPEN-LAND").received(BRANCH, CLERK).handed(LEADER),
        case("HS-OPEN-TOWN").received(TOWN, MAYOR).handed(queue),
        case("HS-OPEN-PAUSED").received(TOWN, CLERK)("suspended", hours=2, actor=MAYOR, reason="bí mật lý do một"),
        case("HS-FORGOTTEN").received(BRANCH, MAYOR, due_hours=100).done(hours=20, recorded_later=200),
        case("HS-FORGOTTEN-TOWN")
        .received(TOWN, CLERK, due_hours=100)
        .done(hours=20, recorded_later=200, evidence={"document_number": "77/GXN", "signed_at": BEGIN.isoformat()}),
        case("HS-NAMELESS").received({"name": "Tên không mã"}, {"name": "Không Mã q", "unit": WARD}).done(),
        case("HS-SUBMITTED")("submitted", unit=TOWN, actor=LEADER),
        case("HS-WITHDRAWN").received(TOWN, MAYOR)("withdrawn", actor=MAYOR, reason="bí mật lý do hai"),
        case("HS-JOIN-A").received(TOWN, MAYOR)("joined", alias="HS-JOIN-B"),
        case("HS-JOIN-B")("forwarded", hours=30, holder=CLERK).done(),
        case("HS-PARTED-A").received(TOWN, MAYOR).done(),
        case("HS-PARTED-B")
        .received(BRANCH, CLERK)("joined", alias="HS-PARTED-A")
        .done()("corrected", annuls={"source": SOURCE, "id": "HS-PARTED-B-e1"}, reason="bí mật lý do ba"),
        case("HS-BROKEN-LAND").received(BRANCH, {"name": "Chuyên viên", "unit": WARD})("resumed", holder=MAYOR).done(),
    ]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A bound reader: the units, or the officer."""

    units: frozenset[str] = frozenset()
    officer: str | None = None

    def __str__(self) -> str:
        return ",".join(sorted(self.units)) or str(self.officer)


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Every case with its events, and the facts of units."""

    cases: Mapping[str, JoinedCase]
    rules: RuleBook
    today: Any

    @classmethod
    def of(cls, events: Iterable[CaseEvent], rules: RuleBook, today: Any) -> "Truth":
        by_code: dict[str, list[CaseEvent]] = {}
        told = list(events)
        for case in joined_cases(told):
            by_code[case.case_id] = list(case.events)
        return cls(cases={case.case_id: case for case in joined_cases(told)}, rules=rules, today=today)

    @cached_property
    def timelines(self) -> dict[str, CaseTimeline]:
        """The timeline of every case now."""
        now = datetime.now(UTC)
        return {case_id: timeline_of(case, self.rules, as_of=now) for case_id, case in self.cases.items()}

    def parent(self, unit_id: str, case_id: str) -> str | None:
        """What hangs above the unit in the case: of a unit with facts what these say now, else what the case's own events say last."""
        stated = [rule for rule in RULES if rule.id == unit_id]
        if stated:
            begun = [rule for rule in stated if rule.valid_from is None or rule.valid_from <= self.today]
            (rule,) = [one for one in begun if one.valid_to is None or one.valid_to > self.today] or begun
            over = rule.valid_to is not None and rule.valid_to <= self.today
            return rule.merged_into if rule.merged_into is not None and over else rule.parent
        said = [
            ((event.occurred_at.at, event.source, event.id), named.parent)
            for event in self.cases[case_id].events
            for named in units_of(event)
            if named.id == unit_id and named.parent is not None
        ]
        return max(said)[1] if said else None

    def is_below(self, reader: Reader, unit_id: str | None, case_id: str) -> bool:
        """Whether the unit lies in the reader's subtrees, in this case."""
        seen: set[str] = set()
        while unit_id is not None and unit_id not in seen:
            if unit_id in reader.units:
                return True
            seen.add(unit_id)
            unit_id = self.parent(unit_id, case_id)
        return False

    def is_own(self, reader: Reader, party: Party | None, case_id: str) -> bool:
        """Whether a party is the reader's."""
        if party is None:
            return False
        if reader.officer is not None and party.id == reader.officer and party.kind == "officer":
            return True
        return party.unit is not None and self.is_below(reader, party.unit.id, case_id)

    def parties(self, case_id: str) -> list[Party]:
        """Everybody who held or bears something."""
        timeline = self.timelines[case_id]
        late = [] if timeline.late_entry_party is None else [timeline.late_entry_party]
        return [*(one.party for one in timeline.holds), *(one.party for one in timeline.attributions), *late]

    def whole(self, reader: Reader) -> set[str]:
        """The cases that the reader sees whole."""
        responsible = {case_id: timeline.unit for case_id, timeline in self.timelines.items()}
        return {case_id for case_id, of in responsible.items() if of and self.is_below(reader, of.id, case_id)}

    def in_part(self, reader: Reader) -> set[str]:
        """The cases that the reader sees in part."""
        concerned = {one for one in self.cases if any(self.is_own(reader, of, one) for of in self.parties(one))}
        return concerned - self.whole(reader)

    def codes(self, case_ids: Iterable[str]) -> set[str]:
        """All codes of the cases."""
        return {code for case_id in case_ids for code in self.cases[case_id].codes}

    def events(self, case_ids: Iterable[str]) -> set[str]:
        """The ids of the events told of the cases."""
        codes = self.codes(case_ids)
        return {event.id for case in self.cases.values() for event in case.events if event.case_id in codes}

    def hidden(self, reader: Reader) -> set[str]:
        """Words that nothing that the reader is told may have in it: codes, ids of events, names, positions, reasons."""
        whole, part = self.whole(reader), self.in_part(reader)
        unseen = set(self.cases) - whole - part
        hidden = self.codes(unseen) | self.events(unseen)
        allowed = {word for case_id in whole for of in self.parties(case_id) for word in _names(of)}
        allowed |= {
            word for one in part for of in self.parties(one) if self.is_own(reader, of, one) for word in _names(of)
        }
        for case_id in whole:
            for event in self.cases[case_id].events:
                for person in (getattr(event.fact, "actor", None), getattr(event.fact, "holder", None)):
                    allowed |= set() if person is None else _names(person)
        said = {getattr(event.fact, "alias", None) for case_id in whole for event in self.cases[case_id].events}
        everybody = {word for case_id in self.cases for of in self.parties(case_id) for word in _names(of)}
        for case_id in part:
            own, others = set[str](), set[str]()
            for one in (*self.timelines[case_id].holds, *self.timelines[case_id].attributions):
                (own if self.is_own(reader, one.party, case_id) else others).update(one.event_ids)
            hidden |= self.events([case_id]) - own
            if reader.officer is not None:
                held = any(one.party.id == reader.officer for one in self.timelines[case_id].holds)
                allowed |= {of.position for of in self.parties(case_id) if held and of.position}
        hidden |= everybody - allowed
        for case_id in set(self.cases) - whole:
            hidden |= {
                reason for event in self.cases[case_id].events if (reason := getattr(event.fact, "reason", None))
            }
        return hidden - said


def _names(of: Any) -> set[str]:
    if getattr(of, "kind", "officer") != "officer":
        return set()
    return {word for word in (of.id, of.name, of.position) if word}


def units_of(event: CaseEvent) -> Iterable[Any]:
    """The units that the event names by id."""
    fact = event.fact
    people = (getattr(fact, "actor", None), getattr(fact, "holder", None))
    found = [getattr(fact, "unit", None), *(None if person is None else person.unit for person in people)]
    return [one for one in found if one is not None and one.id is not None]
