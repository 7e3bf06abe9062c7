"""Explanations and decisions about the cases of a province at random, as its timelines suggest them: right ones, wrong ones, and such as come too late."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

SOURCE: Final = "/simulation/decisions"
_FIRST, _LAST = datetime.fromisoformat("2022-03-01T08:00:00+07:00"), datetime.fromisoformat("2022-12-20T16:00:00+07:00")
_ELSEWHERE: Final = {"kind": "unit", "id": "H34.NGOAI", "name": "Đơn vị ngoài hồ sơ"}
_HEAD: Final = {"id": "CT", "name": "Lê Thị Chủ Tịch", "position": "Chủ tịch", "unit": {"id": "H34"}}
_REASONS: Final = ("overload", "absence", "system-fault", "consulted-unit", "other")

Timeline = Mapping[str, Any]


def random_decisions(timelines: Sequence[Timeline], chance: random.Random) -> list[str]:
    """The texts of events about those of the timelines in which anybody bears anything: some explained, some decided, once or twice."""
    return [json.dumps(event, ensure_ascii=False) for timeline in timelines for event in _of_case(timeline, chance)]


def _of_case(timeline: Timeline, chance: random.Random) -> Iterator[dict[str, Any]]:
    bearing = [row["party"] for row in timeline["attributions_by_rule"]]
    bearing += [] if timeline["late_entry_party"] is None else [timeline["late_entry_party"]]
    officers = [party for party in bearing if party["kind"] == "officer" and party["id"] is not None]
    if not bearing:
        return
    case_id = timeline["case_id"]
    explained = None
    if officers and chance.random() < 0.6:
        explained = f"{case_id}-x"
        officer = {name: chance.choice(officers)[name] for name in ("id", "name")}
        said = {"officer": officer, "reason": chance.choice(_REASONS), "text": "Trong tuần có 40 hồ sơ."}
        yield _event(case_id, explained, "filed", said, chance)
        if chance.random() < 0.15:
            yield _event(case_id, f"{case_id}-w", "withdrawn", {"explanation": _key(explained)}, chance)
    for number in range(chance.choice((0, 1, 1, 1, 2))):
        effects = [_effect(timeline, bearing, chance) for _ in range(chance.choice((0, 1, 1, 1, 2, 3)))]
        decided_by = chance.choice(officers) if officers and chance.random() < 0.1 else _HEAD
        data = {
            "outcome": "accepted" if effects else "refused",
            "decided_by": {name: decided_by[name] for name in ("id", "name", "position", "unit")},
            "document": {"document_number": f"{number}/QĐ-UBND", "signed_at": "2022-09-01"},
            "text": "Xét giải trình.",
            **({"effects": effects} if effects else {}),
            **({} if explained is None or chance.random() < 0.3 else {"explanation": _key(explained)}),
        }
        yield _event(case_id, f"{case_id}-d{number}", "decided", data, chance)


def _effect(timeline: Timeline, bearing: Sequence[Mapping[str, Any]], chance: random.Random) -> dict[str, Any]:
    due = timeline["judged_due_at"]
    around = None if due is None else datetime.fromisoformat(due) + timedelta(hours=chance.choice((-72, -3, -3, 5)))
    kind = chance.choice(("late-entry", "late-sync", "move", "move"))
    if kind == "late-entry" and around is not None:
        proof = {"document_number": "77/KQ", "signed_at": around.isoformat()}
        finished = {} if timeline["class"] != "actual" else {"finished_at": around.isoformat()}
        return {"kind": kind, "evidence": proof, **finished}
    if kind == "late-sync" and around is not None:
        return {"kind": kind, "recorded_at_source": around.isoformat()}
    party = chance.choice(bearing)
    minutes = chance.choice(({"minutes": chance.randrange(1, 3_000)}, {"share_minutes": chance.randrange(0, 3_000)}))
    taken = {name: party[name] for name in ("kind", "id", "name") if party[name] is not None}
    of = {} if chance.random() < 0.6 else {"of": "late-entry"}
    return {"kind": "move", "from": taken, "to": _receiver(timeline, party, chance), **minutes, **of}


def _receiver(timeline: Timeline, party: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    held = [hold["party"]["unit"] for hold in timeline["holds"] if hold["party"]["unit"] is not None]
    units = [{"kind": "unit", **unit} for unit in held if unit["id"] is not None and unit["id"] != party["id"]]
    plain = [{"kind": kind} for kind in ("organisation", "applicant", "suspension") if kind != party["kind"]]
    return chance.choice([*plain, *units[:3], _ELSEWHERE])


def _key(event_id: str) -> dict[str, str]:
    return {"source": SOURCE, "id": event_id}


def _event(case_id: str, event_id: str, kind: str, data: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    at = _FIRST + (_LAST - _FIRST) * chance.random()
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": f"vn.tiendo.explanation.{kind}.v1",
        "subject": case_id,
        "time": at.replace(microsecond=0).isoformat(),
        "data": dict(data),
    }
