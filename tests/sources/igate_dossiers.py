"""Dossiers as a gateway shows them from look to look, and the timelines that come of them."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tiendo_contracts.events.decoding import case_event
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import CaseTimeline, Hold, PartyKind
from tiendo_sources.igate.configuration import GatewayConfiguration
from tiendo_sources.igate.dossier_changes import Compared, compared

Json = dict[str, Any]

CONFIGURATION = GatewayConfiguration(
    source="/kontum/igate",
    base_url="https://gateway.example",
    token_url="https://sso.example/token",  # noqa: S106 - an address
    client_id="tiendo",
    client_secret_file="secret",  # noqa: S106 - the name of a file
    status={
        "1": "submitted",
        "2": "in-process",
        "3": "supplement-requested",
        "4": "completed",
        "5": "result-delivered",
        "6": "withdrawn",
        "7": "payment-requested",
        "8": "suspended",
        "9": "declined",
    },
)
COUNTER = {"id": "g1", "code": "H34.20.1", "name": [{"languageId": 228, "name": "Bộ phận một cửa"}]}
ROOM = {"id": "g2", "code": "H34.20.2", "name": "Phòng Kỹ thuật", "parent": {"id": "a1", "code": "H34.20"}}
AGENCY = {"id": "a1", "code": "H34.20", "name": "Chi nhánh VPĐKĐĐ"}
NIGHT = datetime.fromisoformat("2022-08-16T20:00:00+07:00")


def at(clock: str) -> str:
    """An instant of 15 August 2022 as the gateway writes it."""
    seconds = clock if clock.count(":") > 1 else f"{clock}:00"
    return f"2022-08-15T{seconds}{'' if '.' in seconds else '.000'}+0700"


def officer(name: str) -> Json:
    return {"id": f"CC-{name}", "fullname": f"Nguyễn {name}", "account": {"id": f"acc-{name}", "username": []}}


def task(
    number: int,
    created: str,
    updated: str | None = None,
    *,
    who: str | None = None,
    group: Json | None = ROOM,
    current: bool = False,
    step: str | None = None,
    time: object = 1,
    unit: object = "d",
) -> Json:
    """A task as the gateway shows it; `step` is that of its number unless another is said."""
    name = step or f"s{number}"
    return {
        "id": f"t{number}",
        "assignee": officer(who) if who else None,
        "candidateGroup": [group] if group else [],
        "agency": AGENCY,
        "isCurrent": int(current),
        "createdDate": at(created),
        "updatedDate": at(updated or created),
        "bpmProcessDefinitionTask": {
            "id": name,
            "name": {"id": f"n-{name}", "name": f"Bước {name}"},
            "processingTime": time,
            "processingTimeUnit": unit,
        },
    }


def dossier(updated: str | None, *tasks: Json, status: object = 2, **more: object) -> Json:
    """A dossier received at 08:00 and due two days later, as the gateway shows it."""
    return {
        "id": "d-1",
        "code": "H34.20-220815-0001",
        "nationCode": "G22.1-1",
        "dossierStatus": {"id": status, "name": "…"},
        "procedure": {
            "id": "p1",
            "code": "1.004227",
            "translate": {"languageId": 228, "name": "Đăng ký biến động"},
            "sector": {"id": "f1", "code": "dat-dai", "name": "Đất đai"},
        },
        "agency": AGENCY,
        "accepter": {"fullname": "Nguyễn Tiếp"},
        "appliedDate": at("07:30"),
        "acceptedDate": at("08:00"),
        "appointmentDate": "2022-08-17T17:00:00.000+0700",
        "processingTime": 2,
        "processingTimeUnit": "d",
        "updatedDate": None if updated is None else at(updated),
        "task": list(tasks),
        "currentTask": [each for each in tasks if each["isCurrent"]],
        "applicant": {"data": {"fullname": "Người Nộp", "phoneNumber": "0905123456"}},
    } | more


def looks(*dossiers: Json, seen: str | None = None, received_at: datetime = NIGHT) -> list[Json]:
    """The events that come of looks at one dossier, one after the other."""
    events: list[Json] = []
    for number, each in enumerate(dossiers):
        found = compared(each, seen, CONFIGURATION, received_at + timedelta(minutes=number))
        assert isinstance(found, Compared), found
        events += [json.loads(event.text) for event in found.events]
        seen = found.seen.text
    return events


def told(events: Sequence[Json]) -> list[str]:
    """Each event as its kind, its time of day and whom it names."""
    return [f"{kind_of(event)} {event['time'][11:16]}{_named(event['data'].get('holder'))}" for event in events]


def kind_of(event: Json) -> str:
    return str(event["type"]).split(".")[-2]


def _named(holder: Json | None) -> str:
    return "" if holder is None else f" {holder.get('id') or holder['unit']['id']}"


def timeline(events: Sequence[Json]) -> CaseTimeline:
    facts = [
        case_event(json.dumps(event), position=number, ingested_at=NIGHT) for number, event in enumerate(events, 1)
    ]
    return case_timeline(facts, RuleBook(), as_of=NIGHT)


def holds(*dossiers: Json) -> list[str]:
    """Who held the case from when to when by looks at a dossier; holds of no length are left out."""
    found = timeline(looks(*dossiers)).holds
    return [_shown(hold) for hold in found if not hold.ended_at or hold.ended_at.at > hold.started_at.at]


def _shown(hold: Hold) -> str:
    party = hold.party
    name = party.id if party.kind in {PartyKind.OFFICER, PartyKind.UNIT} else party.kind.value
    ends = [
        instant.at.astimezone(NIGHT.tzinfo).strftime("%H:%M") for instant in (hold.started_at, hold.ended_at) if instant
    ]
    return f"{name} {'-'.join(ends)}"
