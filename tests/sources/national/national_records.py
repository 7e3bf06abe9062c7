"""Records of the national format as senders write them, and the translator asked as the service asks it."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tiendo_contracts.events.decoding import case_event
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_domain.rules import Definition, RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import CaseTimeline
from tiendo_sources.national.arrival import Arrival
from tiendo_sources.national.directory import NameDirectory
from tiendo_sources.national.known_dossier import KnownDossier
from tiendo_sources.national.translation import read_record, translate

CODE = "H34-220815-1"
SOURCE = "/kontum/national"
NOW = datetime(2022, 9, 20, 3, tzinfo=UTC)

Record = tuple[str, dict[str, Any]]


def dossier(**members: Any) -> Record:
    """A dossier message about CODE, received on 15 August and due on the 29th."""
    said = {
        "MaHoSo": CODE,
        "MaTTHC": "1.004227",
        "TenTTHC": "Đăng ký biến động",
        "KenhThucHien": "1",
        "NgayTiepNhan": "20220815080500",
        "NgayHenTra": "20220829170000",
        "DonViXuLy": "Chi nhánh Kon Tum",
        "TrangThaiHoSo": "4",
        "NgayKetThucXuLy": "",
    }
    return "DongBoHoSoMC", {**said, **members}


def entry(identity: str = "1", asked: str = "20220818090000", answered: str = "", **members: Any) -> dict[str, Any]:
    """An entry of DanhSachHoSoBoSung."""
    said = {"HoSoBoSungId": identity, "NgayBoSung": asked, "NgayTiepNhanBoSung": answered, "NoiDungBoSung": "Bổ sung"}
    return {**said, **members}


def row(at: str, state: Any, officer: str = "Nguyễn Thị Ánh", **members: Any) -> Record:
    """A progress row about CODE."""
    said = {"MaHoSo": CODE, "NguoiXuLy": officer, "ThoiDiemXuLy": at, "PhongBanXuLy": "Phòng A", "TrangThai": state}
    return "CapNhatTienDoHoSoMC", {"NoiDungXuLy": "Thẩm định", **said, **members}


class Channel:
    """One source's messages, taken one after the other; what is known are the facts told so far."""

    def __init__(self, *configured: Definition, history_until: datetime | None = None, unit: str | None = None) -> None:
        self.book = RuleBook().with_definitions(configured)
        self._directory = NameDirectory(self.book)
        self._history_until = history_until
        self._unit = unit
        self.events: list[dict[str, Any]] = []
        self.now = NOW

    def take(self, *records: Record) -> list[bool | Refusal]:
        """What became of each record of one message."""
        read = [read_record(service, record) for service, record in records]
        arrival = Arrival(
            source=SOURCE,
            unit=self._unit,
            received_at=self.now,
            sent_at=None,
            history_until=self._history_until,
            directory=self._directory,
        )
        fine = [one for one in read if not isinstance(one, Refusal)]
        told = translate(fine, self.events, arrival, lambda event: event)
        self.events += [json.loads(event.text) for event in told.events]
        taken = iter(told.taken)
        return [one if isinstance(one, Refusal) else next(taken) for one in read]

    def take_each(self, records: Iterable[Record]) -> None:
        """Each record in a message of its own."""
        for record in records:
            self.now += timedelta(hours=1)
            self.take(record)

    @property
    def counting(self) -> list[dict[str, Any]]:
        """The facts that count, corrections and what they annul left out; by time."""
        dossier_known = KnownDossier(SOURCE, self.events, lambda event: event)
        found = [
            event for event in self.events if ":annulled-" not in event["id"] and dossier_known.counts(event["id"])
        ]
        return sorted(found, key=lambda event: (event["time"], event["id"]))

    @property
    def said(self) -> list[tuple[str, str]]:
        """Kind and local time of the facts that count."""
        return [(event["type"].split(".")[-2], event["time"][:19]) for event in self.counting]

    def one(self, kind: str) -> dict[str, Any]:
        """The one fact of the kind that counts."""
        [found] = [event for event in self.counting if event["type"].split(".")[-2] == kind]
        return found

    def timeline(self) -> CaseTimeline:
        """The timeline of the case a month after NOW."""
        facts = [
            case_event(json.dumps(event), position=place, ingested_at=NOW + timedelta(days=2))
            for place, event in enumerate(self.events, 1)
        ]
        return case_timeline(facts, self.book, as_of=NOW + timedelta(days=30))


def kinds(said: Sequence[tuple[str, str]], kind: str) -> list[str]:
    """The times of the facts of one kind."""
    return [at for found, at in said if found == kind]
