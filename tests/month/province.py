"""A small province in the month before this one: two agencies, four officers, cases of every outcome, and the people who work with them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tiendo_domain.months import Month
from tiendo_runtime.authentication.people import Role, SignedInPerson

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
SOURCE: Final = "/kontum/igate"
SATURDAY: Final = 5
RULES: Final = """
[[unit]]
id = "H34"
name = "UBND tỉnh Kon Tum"
level = "province"
[[unit]]
id = "H34.20"
name = "Sở Tài nguyên và Môi trường"
parent = "H34"
level = "province"
[[unit]]
id = "H34.20.1"
name = "Phòng Thẩm định"
parent = "H34.20"
level = "province"
[[unit]]
id = "H34.30"
name = "Sở Xây dựng"
parent = "H34"
level = "province"
[[unit]]
id = "H34.30.1"
name = "Phòng Quản lý nhà"
parent = "H34.30"
level = "province"
[[publication]]
unit = "H34.20"
window_working_days = 3
least_minutes = 0
[[publication]]
unit = "H34.30"
window_working_days = 0
least_minutes = 0
"""
"""Two agencies; the lists of the second have no window, so that a test can approve them."""

LAND: Final = {"id": "H34.20", "name": "Sở Tài nguyên và Môi trường", "parent": "H34", "level": "province"}
LAND_ROOM: Final = {"id": "H34.20.1", "name": "Phòng Thẩm định", "parent": "H34.20"}
HOUSING: Final = {"id": "H34.30", "name": "Sở Xây dựng", "parent": "H34", "level": "province"}
HOUSING_ROOM: Final = {"id": "H34.30.1", "name": "Phòng Quản lý nhà", "parent": "H34.30"}


def officer(number: int, name: str, room: Mapping[str, Any]) -> Mapping[str, Any]:
    """An officer as events name one."""
    return {"id": f"CC-{number}", "name": name, "position": "Chuyên viên", "unit": room}


ANH: Final = officer(1, "Nguyễn Thị Ánh", LAND_ROOM)
BINH: Final = officer(2, "Trần Văn Bình", LAND_ROOM)
CUC: Final = officer(3, "Lê Thị Cúc", HOUSING_ROOM)
DUNG: Final = officer(4, "Hoàng Văn Dũng", HOUSING_ROOM)

LATE: Final = "H34-20-0001"
"""The late case that Bình explains, and about which the head decides."""
ALSO_LATE: Final = "H34-20-0005"
"""Another one that Bình explains, which nobody has decided about."""


def _person(subject: str, name: str, role: Role, *units: str, officer_id: str | None = None) -> SignedInPerson:
    return SignedInPerson(
        subject=subject, name=name, roles=frozenset({role}), units=frozenset(units) or None, officer_id=officer_id
    )


OFFICER: Final = _person("binh", "Trần Văn Bình", Role.OFFICER, "H34.20.1", officer_id="CC-2")
HEAD: Final = _person("duc", "Phạm Văn Đức", Role.UNIT_MANAGER, "H34.20")
PUBLISHER: Final = _person("lan", "Võ Thị Lan", Role.PUBLISHER, "H34.30")
OFFICE: Final = _person("hoa", "Đặng Thị Hoa", Role.OFFICE)
AUDITOR: Final = _person("minh", "Bùi Văn Minh", Role.AUDITOR)
OPERATOR: Final = _person("nam", "Đỗ Văn Nam", Role.OPERATOR)
PEOPLE: Final = {person.subject: person for person in (OFFICER, HEAD, PUBLISHER, OFFICE, AUDITOR, OPERATOR)}


@dataclass
class _Telling:
    """The events of one case."""

    case_id: str
    texts: list[str] = field(default_factory=list)

    def __call__(self, kind: str, at: datetime, *, recorded: datetime | None = None, **facts: Any) -> "_Telling":
        event = {
            "specversion": "1.0",
            "id": f"{self.case_id}/{len(self.texts)}",
            "source": SOURCE,
            "type": f"vn.tiendo.case.{kind}.v1",
            "subject": self.case_id,
            "time": at.isoformat(),
            "recordedat": (recorded or at).isoformat(),
            "data": facts,
        }
        self.texts.append(json.dumps(event, ensure_ascii=False))
        return self


def month_told(today: date) -> Month:
    """The month that the province is about: the last one that is over."""
    last = today.replace(day=1) - timedelta(days=1)
    return Month(last.year, last.month)


def told(now: datetime) -> list[str]:
    """The events of all cases, those under way received in the days before `now`."""
    month = month_told(now.astimezone(ZONE).date())
    cases = [*_finished(month), *_under_way(now)]
    return [text for case in cases for text in case.texts]


def _received(
    case: _Telling, at: datetime, agency: Mapping[str, Any], by: Mapping[str, Any], due: datetime
) -> _Telling:
    number = "1.004227" if agency is LAND else "1.007748"
    name = "Đăng ký biến động đất đai" if agency is LAND else "Cấp giấy phép xây dựng nhà ở"
    step = {"id": "tiep-nhan", "name": "Tiếp nhận", "allotted_minutes": 180}
    return case(
        "received",
        at,
        unit=agency,
        procedure={"id": number, "name": name},
        field={"id": agency["id"], "name": str(agency["name"])[3:]},
        channel="online" if int(case.case_id[-2:]) % 3 else "counter",
        due_at=due.isoformat(),
        holder=by,
        step=step,
    )


def _forwarded(case: _Telling, at: datetime, to: Mapping[str, Any]) -> _Telling:
    return case("forwarded", at, holder=to, step={"id": "tham-dinh", "name": "Thẩm định", "allotted_minutes": 960})


def _code(agency: Mapping[str, Any]) -> str:
    return str(agency["id"]).replace(".", "-")


def _finished(month: Month) -> Iterator[_Telling]:
    """Twelve of each agency, every fourth of them late, and one that was finished in time and recorded late."""
    days = [day for day in _days(month.start, 31) if day < month.following.start and day.weekday() < SATURDAY]

    def at(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(days[day - 1], time(hour, minute), ZONE)

    for agency, first, second in ((LAND, ANH, BINH), (HOUSING, CUC, DUNG)):
        for number in range(1, 13):
            late = number % 4 == 1
            begun = 1 + number // 4
            case = _Telling(f"{_code(agency)}-{number:04}")
            _received(case, at(begun, 8, number), agency, first, at(begun + 6, 17))
            _forwarded(case, at(begun, 10, number), second)
            if number % 3 == 1:
                case("supplement-requested", at(begun + 1, 9), reason="thiếu bản vẽ hiện trạng")
                case("supplement-received", at(begun + 2, 9), holder=second)
            yield case("completed", at(begun + (12 if late else 4), 14 + number % 2, 4 * number))
        forgotten = _Telling(f"{_code(agency)}-0020")
        _received(forgotten, at(2, 8), agency, second, at(9, 17))
        paper = {"document_number": "20/KQ", "signed_at": at(8, 16).isoformat()}
        yield forgotten("completed", at(8, 16), recorded=at(15, 9), evidence=paper)


def _under_way(now: datetime) -> Iterator[_Telling]:
    """One overdue, one due soon, one that nobody picked up, one that waits for another unit, one for its applicant."""
    today = now.astimezone(ZONE).date()
    before = [day for day in _days(today - timedelta(days=30), 30) if day.weekday() < SATURDAY]
    ahead = [day for day in _days(today + timedelta(days=1), 30) if day.weekday() < SATURDAY]

    def case(number: int, due: date, by: Mapping[str, Any] = BINH) -> _Telling:
        begun = datetime.combine(before[-6], time(8, 10 + number), ZONE)
        return _received(
            _Telling(f"{_code(LAND)}-01{number:02}"), begun, LAND, by, datetime.combine(due, time(17), ZONE)
        )

    earlier = datetime.combine(before[-5], time(9, 15), ZONE)
    yield _forwarded(case(1, before[-2], ANH), earlier, BINH)
    yield _forwarded(case(2, ahead[1], ANH), earlier, BINH)
    yield case(3, ahead[5], {"unit": LAND_ROOM})
    yield case(4, ahead[4])("consultation-requested", earlier, actor=BINH, unit=HOUSING)
    yield case(5, ahead[4])("supplement-requested", earlier, actor=BINH, reason="thiếu giấy ủy quyền")


def _days(first: date, count: int) -> Iterator[date]:
    return (first + timedelta(days=day) for day in range(count))
