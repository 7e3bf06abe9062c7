"""What became of the demonstration's delays: explanations, decisions, a month's list published and corrected, and one with its window open.

Everything is done over HTTP with the keys that `tiendo up` prints, as programs elsewhere would, and in such a way that doing it again changes nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from tiendo_cli.supervision.demo_keys import DemoKeys

UNIT: Final = "H34.STNMT"
UNIT_WITH_OPEN_WINDOW: Final = "H34.TPKT"
MONTH: Final = "2022-07"
DAYS: Final = ("2022-07-01", "2022-07-31")
RULES: Final = f"""\
# The demonstration publishes a month of the past at once: its window for explanations has no days. The list says so.
[[publication]]
unit = "{UNIT}"
window_working_days = 0
"""

SOURCE: Final = "/simulation/giai-trinh"
_EXPLAINED: Final = "vn.tiendo.explanation.{}.v1"
_SECONDS: Final = 60.0
_MINUTES_MIN: Final = 60
"""Less than this of an officer is not shown in public."""

_HEAD: Final = {
    "id": "LD-STNMT",
    "name": "Trần Văn Quang",
    "position": "Phó Giám đốc Sở",
    "unit": {"id": UNIT, "name": "Sở Tài nguyên và Môi trường"},
}
_APPROVAL: Final = {
    "approved_by": _HEAD,
    "document": {"document_number": "118/TB-STNMT", "signed_at": "2022-08-09"},
    "legal_basis": "Nghị định số 61/2018/NĐ-CP; chỉ đạo của Chủ tịch UBND tỉnh về công khai hồ sơ chậm trễ",
}
_CORRECTION: Final = {
    "approved_by": _HEAD,
    "document": {"document_number": "131/TB-STNMT", "signed_at": "2022-08-18"},
    "reason": "Quyết định số 27/QĐ-STNMT chấp nhận giải trình sau khi danh sách đã công khai",
}

Row = Mapping[str, Any]
Event = dict[str, Any]


class StoryRefused(Exception):  # noqa: N818 - what became of the story
    """The service refused a part of the story."""


class DemoStory:
    """The story, told to the service at `address`; `chosen` is the file that keeps of which shares it is."""

    def __init__(self, address: str, keys: DemoKeys, chosen: Path) -> None:
        self._address = address
        self._keys = keys
        self._chosen = chosen

    async def tell(self) -> None:
        """Everything, from wherever it stands. Raises StoryRefused, httpx.HTTPError."""
        chosen = await self._shares()
        if chosen is None:
            return  # another log, or another scale: there is nothing to tell it of
        await self._send(self._keys.explain, [*_explanations(chosen)])
        await self._send(self._keys.decide, [*_decisions_in_time(chosen)])
        published = await self._published()
        await self._send(self._keys.decide, [_late_decision(chosen)])
        if published["version"] == 1:
            await self._step(published, "correct", _CORRECTION)
        await self._reached({"open"}, UNIT_WITH_OPEN_WINDOW)

    async def _shares(self) -> Mapping[str, Row] | None:
        """The shares that it is about: those chosen once, since the decisions change what could be chosen now."""
        try:
            kept: Mapping[str, Row] = json.loads(self._chosen.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            found = _chosen(await self._late_rows())
            if found is not None:
                self._chosen.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
            return found
        return kept

    async def _late_rows(self) -> Sequence[Row]:
        found: list[Row] = []
        cursor: dict[str, str] = {}
        while True:
            asked = {"from": DAYS[0], "to": DAYS[1], "unit": UNIT, "limit": 500, **cursor}
            page = await self._get(self._keys.read, "/v1/delays", asked)
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    async def _send(self, key: str, events: Sequence[Event]) -> None:
        """Append the events, and wait until the figures count them."""
        async with self._client(key) as client:
            media_type = {"content-type": "application/cloudevents-batch+json"}
            answer = await client.post("/v1/events", json=events, headers=media_type)
        found = _accepted(answer)["events"]
        refused = [entry["problem"] for entry in found if "position" not in entry]
        if refused:
            raise StoryRefused(json.dumps(refused[0], ensure_ascii=False))
        positions = [entry["position"] for entry in found]
        await self._get(self._keys.read, "/v1/indicators", {"min_position": max(positions)})

    async def _published(self) -> Row:
        return await self._reached({"published"}, UNIT)

    async def _reached(self, states: set[str], unit: str) -> Row:
        """The unit's list of the month, taken on, step by step, until it is in one of the states."""
        found = await self._list_of(unit)
        while found["state"] not in states:
            kind, body = _NEXT[found["state"]]
            found = await self._step(found, kind, body)
        return found

    async def _list_of(self, unit: str) -> Row:
        asked = {"unit": unit, "period": MONTH}
        kept = (await self._get(self._keys.publish, "/v1/publications", asked))["items"]
        there = [one for one in kept if one["unit"] == unit and one["state"] != "withdrawn"]
        return there[0] if there else await self._post("/v1/publications", asked)

    async def _step(self, found: Row, kind: str, body: Mapping[str, Any]) -> Row:
        return await self._post(f"/v1/publications/{found['id']}/{kind}", body)

    async def _get(self, key: str, path: str, asked: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        async with self._client(key) as client:
            return _accepted(await client.get(path, params=asked))

    async def _post(self, path: str, body: Mapping[str, Any]) -> Row:
        async with self._client(self._keys.publish) as client:
            found: Row = _accepted(await client.post(path, json=body))
        return found

    def _client(self, key: str) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.AsyncClient(base_url=self._address, headers=headers, timeout=_SECONDS, trust_env=False)


def _accepted(answer: httpx.Response) -> Any:  # noqa: ANN401 - any JSON
    if not answer.is_success:
        raise StoryRefused(answer.text)
    return answer.json()


_NEXT: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "draft": ("open", {}),
    "open": ("approve", _APPROVAL),
    "approved": ("publish", {}),
}


def _chosen(rows: Sequence[Row]) -> Mapping[str, Row] | None:
    """A share of lateness of each kind that the story is about, of five officers; None where there are not so many."""
    named = [row for row in rows if row["party_kind"] == "officer" and row["ended_at"] and row["officer_id"]]
    late = {
        row["officer_id"]: row for row in reversed(named) if row["class"] == "actual" and row["minutes"] >= _MINUTES_MIN
    }
    forgotten = next((row for row in named if row["class"] == "unproven"), None)
    if forgotten is None:
        return None
    late.pop(forgotten["officer_id"], None)
    kinds = ("accepted", "refused", "decided late", "taken back")
    several = sorted(late.values(), key=lambda row: (-row["minutes"], row["officer_id"]))[: len(kinds)]
    return {**dict(zip(kinds, several, strict=True)), "forgotten": forgotten} if len(several) == len(kinds) else None


def _explanations(chosen: Mapping[str, Row]) -> Iterator[Event]:
    to_organisation = {"kind": "move", "to": {"kind": "organisation"}}
    for kind, reason, text in (
        ("accepted", "overload", "Tháng 7 một mình phụ trách hai địa bàn, hồ sơ nhận trong tuần gấp ba bình thường."),
        ("refused", "absence", "Nghỉ việc riêng hai ngày, đã báo trưởng phòng."),
        (
            "decided late",
            "system-fault",
            "Phần mềm không chuyển được bước trong nhiều ngày, có phiếu báo lỗi kèm theo.",
        ),
        ("taken back", "other", "Đề nghị xem lại số phút; đã đối chiếu và thấy đúng nên rút."),
    ):
        row = chosen[kind]
        asks = to_organisation | {"from": _party(row), "share_minutes": row["minutes"]}
        documents = [{"document_number": "03/PB-VPDK", "signed_at": "2022-07-20", "title": "Phiếu báo lỗi"}]
        papers = {"documents": documents} if reason == "system-fault" else {}
        said = {"officer": _officer(row), "reason": reason, "text": text, "asks": asks, **papers}
        yield _event(kind, "filed", row, "2022-08-02T09:00:00+07:00", said)
    row = chosen["forgotten"]
    text = "Hồ sơ đã xong đúng hạn theo văn bản kèm theo, quên thao tác kết thúc trên phần mềm."
    said = {"officer": _officer(row), "reason": "system-fault", "text": text, "asks": _late_entry(row)}
    yield _event("forgotten", "filed", row, "2022-08-02T10:00:00+07:00", said)
    taken_back = {"explanation": {"source": SOURCE, "id": _id("taken back", "filed")}}
    yield _event("taken back", "withdrawn", chosen["taken back"], "2022-08-03T08:30:00+07:00", taken_back)


def _decisions_in_time(chosen: Mapping[str, Row]) -> Iterator[Event]:
    row = chosen["accepted"]
    text = "Chấp nhận một phần: khối lượng vượt định mức do phân công, không do công chức."
    yield _decision("accepted", row, "2022-08-05T10:00:00+07:00", text, [_move(row, row["minutes"] // 2)])
    text = "Không chấp nhận: trưởng phòng đã phân công người thay nhưng hồ sơ không được bàn giao."
    yield _decision("refused", chosen["refused"], "2022-08-05T10:30:00+07:00", text, [])
    row = chosen["forgotten"]
    text = "Chấp nhận: văn bản ký trước hạn, hồ sơ chậm do quên thao tác."
    yield _decision("forgotten", row, "2022-08-05T11:00:00+07:00", text, [_late_entry(row)])


def _late_decision(chosen: Mapping[str, Row]) -> Event:
    row = chosen["decided late"]
    text = "Chấp nhận: lỗi phần mềm được bộ phận kỹ thuật xác nhận."
    return _decision("decided late", row, "2022-08-16T15:00:00+07:00", text, [_move(row, row["minutes"])])


def _decision(kind: str, row: Row, at: str, text: str, effects: Sequence[Mapping[str, Any]]) -> Event:
    said = {
        "explanation": {"source": SOURCE, "id": _id(kind, "filed")},
        "outcome": "accepted" if effects else "refused",
        "effects": effects,
        "decided_by": _HEAD,
        "document": {"document_number": f"2{_KINDS.index(kind) + 3}/QĐ-STNMT", "signed_at": at[:10]},
        "text": text,
    }
    return _event(kind, "decided", row, at, said)


def _move(row: Row, minutes: int) -> Mapping[str, Any]:
    to = {"kind": "organisation"}
    return {"kind": "move", "from": _party(row), "to": to, "minutes": minutes, "share_minutes": row["by_rule_minutes"]}


def _late_entry(row: Row) -> Mapping[str, Any]:
    day = datetime.fromisoformat(row["judged_due_at"]).date() - timedelta(days=1)
    return {"kind": "late-entry", "evidence": {"document_number": "46/GXN-VPDK", "signed_at": day.isoformat()}}


def _party(row: Row) -> Mapping[str, Any]:
    return {"kind": "officer", "id": row["officer_id"], "name": row["full_name"]}


def _officer(row: Row) -> Mapping[str, Any]:
    return {"id": row["officer_id"], "name": row["full_name"], "position": row["position"], "unit": row["unit"]}


def _event(kind: str, step: str, row: Row, at: str, said: Mapping[str, Any]) -> Event:
    return {
        "specversion": "1.0",
        "id": _id(kind, step),
        "source": SOURCE,
        "type": _EXPLAINED.format(step),
        "subject": row["case_id"],
        "time": at,
        "datacontenttype": "application/json",
        "data": dict(said),
    }


_KINDS: Final = ("accepted", "refused", "forgotten", "decided late", "taken back")


def _id(kind: str, step: str) -> str:
    return f"{_KINDS.index(kind) + 1}-{step}"
