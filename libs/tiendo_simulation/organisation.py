"""The province's agencies with their rooms and officers, drawn from a seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import NamedTuple

from tiendo_simulation import catalogue, kon_tum
from tiendo_simulation.catalogue import Procedure
from tiendo_simulation.json_text import text
from tiendo_simulation.person_names import full_name

_SPEED_SPREAD = 0.45
_NAMESAKE_EVERY = 60


class Group(StrEnum):
    """Kinds of responsible units, for each of which the preset states figures."""

    LAND = "land"
    DEPARTMENTS = "departments"
    DISTRICTS = "districts"
    COMMUNES = "communes"


class Kind(StrEnum):
    """Who can hold a case or bear lateness, in the words that readers of the ground truth expect."""

    OFFICER = "officer"
    UNIT = "unit"
    APPLICANT = "applicant"
    CONSULTED_UNIT = "consulted-unit"
    SUSPENSION = "suspension"
    UNKNOWN = "unknown"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who holds cases; `text` is what events say, `unit_text` the unit alone, `slowness` 1 for the usual pace."""

    kind: Kind
    id: str | None
    name: str | None
    text: str
    unit_text: str
    slowness: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A part of an agency: its queue, and the officers who work there."""

    queue: Party
    officers: tuple[Party, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A responsible unit: `text` is what `received` says of it."""

    number: int
    group: Group
    id: str
    name: str
    parent: str
    level: str
    weight: int
    text: str
    source: str
    counter: Room
    rooms: tuple[Room, ...]
    leaders: tuple[Party, ...]
    procedures: tuple[Procedure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """All responsible units, and who is asked by them."""

    offices: tuple[Office, ...]
    consulted: dict[str, dict[str, Party]]

    def asked(self, whom: str, office: Office) -> Party:
        """The unit of the kind `whom` that `office` consults: that of its district."""
        by_district = self.consulted[whom]
        found = next((code for code in office.id.split(".") if code in by_district), None)
        return next(iter(by_district.values())) if found is None else by_district[found]


def province(rng: Random) -> Province:
    """The agencies of Kon Tum with officers drawn from `rng`."""
    offices = tuple(replace(office, number=number) for number, office in enumerate(_Founding(rng).offices()))
    districts = [(code, name) for (code, name, _), _ in kon_tum.DISTRICTS]
    branch = kon_tum.LAND_REGISTRATION[0]
    committee = _unit_party(Kind.CONSULTED_UNIT, *kon_tum.PROVINCE, None, "province")
    return Province(
        offices=offices,
        consulted={
            catalogue.TAX: {
                code: _unit_party(Kind.CONSULTED_UNIT, f"TCT.{code}", f"Chi cục Thuế {name}", None)
                for code, name in districts
            },
            catalogue.LAND_OFFICE: {
                code: _unit_party(Kind.CONSULTED_UNIT, f"{branch}.{code}", _branch_name(name), None)
                for code, name in districts
            },
            catalogue.PROVINCE_COMMITTEE: {code: committee for code, _ in districts},
        },
    )


def _branch_name(district: str) -> str:
    return f"Chi nhánh Văn phòng Đăng ký đất đai {district}"


def _unit_text(unit: str, name: str, parent: str | None, level: str | None = None) -> str:
    members = [f'"id":{text(unit)}', f'"name":{text(name)}']
    if parent is not None:
        members.append(f'"parent":{text(parent)}')
    if level is not None:
        members.append(f'"level":"{level}"')
    return "{" + ",".join(members) + "}"


def _unit_party(kind: Kind, unit: str, name: str, parent: str | None, level: str | None = None) -> Party:
    unit_text = _unit_text(unit, name, parent, level)
    return Party(kind, unit, name, f'{{"unit":{unit_text}}}', unit_text)


class _Seat(NamedTuple):
    """Where an agency stands: its code, its name, and the code of the one above."""

    unit: str
    name: str
    parent: str


class _Founding:
    """Gives officers their numbers and names, one agency after another."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._names: list[str] = []

    def offices(self) -> Iterator[Office]:
        """Every responsible unit, in a fixed order."""
        yield from self._land()
        for code, name, weight in kon_tum.DEPARTMENTS:
            offered = catalogue.DEPARTMENT_PROCEDURES.get(code, catalogue.OTHER_DEPARTMENT_PROCEDURES)
            yield self._office(
                Group.DEPARTMENTS, _Seat(f"H34.{code}", name, "H34"), weight, offered, ("Phòng Nghiệp vụ",)
            )
        yield from self._districts()

    def _land(self) -> Iterator[Office]:
        department, registration = kon_tum.LAND_DEPARTMENT, kon_tum.LAND_REGISTRATION
        rooms: tuple[str, ...] = ("Phòng Quản lý đất đai", "Phòng Khoáng sản và Nước", "Chi cục Bảo vệ môi trường")
        offered: tuple[Procedure, ...] = catalogue.LAND_DEPARTMENT_PROCEDURES
        yield self._office(Group.LAND, _Seat(*department, "H34"), 14, offered, rooms)
        offered = catalogue.LAND_PROCEDURES
        yield self._office(Group.LAND, _Seat(*registration, department[0]), 10, offered, ("Phòng Đăng ký và Cấp giấy",))
        for (code, name, weight), _ in kon_tum.DISTRICTS:
            unit = f"{registration[0]}.{code}"
            rooms = ("Tổ Đăng ký", "Tổ Đo đạc")[: 1 + (weight > 10)]  # the larger branches have two
            yield self._office(Group.LAND, _Seat(unit, _branch_name(name), registration[0]), weight, offered, rooms)

    def _districts(self) -> Iterator[Office]:
        rooms = ("Phòng Tư pháp", "Phòng Tài nguyên và Môi trường", "Phòng Quản lý đô thị")
        for (code, name, weight), communes in kon_tum.DISTRICTS:
            district = f"H34.{code}"
            offered: tuple[Procedure, ...] = catalogue.DISTRICT_PROCEDURES
            title = f"Ủy ban nhân dân {name}"
            yield self._office(Group.DISTRICTS, _Seat(district, title, "H34"), weight, offered, rooms)
            for number, commune in enumerate(communes, start=1):
                work = 3 if number == 1 else 2 if commune.startswith("Phường") else 1
                offered, title = catalogue.COMMUNE_PROCEDURES, f"Ủy ban nhân dân {commune.lower()[0]}{commune[1:]}"
                unit = f"{district}.X{number:02}"
                yield self._office(
                    Group.COMMUNES, _Seat(unit, title, district), work, offered, ("Công chức chuyên môn",)
                )

    def _office(
        self,
        group: Group,
        seat: "_Seat",
        weight: int,
        offered: tuple[Procedure, ...],
        rooms: Sequence[str],
    ) -> Office:
        level = {Group.DISTRICTS: "district", Group.COMMUNES: "commune"}.get(group, "province")
        small, (unit, name, parent) = group is Group.COMMUNES, seat
        source = "/simulation/kontum-2022/" + ("vpdk" if group is Group.LAND else "igate")
        return Office(
            number=0,
            group=group,
            id=unit,
            name=name,
            parent=parent,
            level=level,
            weight=weight,
            text=_unit_text(unit, name, parent, level),
            source=source,
            counter=self._room(unit, f"{unit}.MC", "Bộ phận Tiếp nhận và Trả kết quả", 1 if small else 3, "Công chức"),
            rooms=tuple(
                self._room(unit, f"{unit}.P{number}", room, 2 if small else 3 + min(weight // 6, 5), "Chuyên viên")
                for number, room in enumerate(rooms, start=1)
            ),
            leaders=self._room(unit, f"{unit}.LD", "Lãnh đạo", 1 if small else 2, "Lãnh đạo").officers,
            procedures=offered,
        )

    def _room(self, parent: str, unit: str, name: str, officers: int, position: str) -> Room:
        queue = _unit_party(Kind.UNIT, unit, name, parent)
        return Room(queue=queue, officers=tuple(self._officer(queue.unit_text, position) for _ in range(officers)))

    def _officer(self, unit_text: str, position: str) -> Party:
        number = len(self._names) + 1
        namesake = number % _NAMESAKE_EVERY == 0
        name = self._names[number // 2] if namesake else full_name(self._rng)
        self._names.append(name)
        code = f"CC-{number:04}"
        described = f'{{"id":"{code}","name":{text(name)},"position":{text(position)},"unit":{unit_text}}}'
        slowness = self._rng.lognormvariate(0, _SPEED_SPREAD)
        return Party(Kind.OFFICER, code, name, described, unit_text, slowness)
