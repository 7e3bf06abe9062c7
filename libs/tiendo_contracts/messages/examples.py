"""Examples of messages, for the description of what goes over Kafka; a test holds them against the schemas and the models."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tiendo_contracts.answers.examples import CASE_ID, FORWARDED, RECEIVED, timeline_example
from tiendo_contracts.directory.encoding import directory_event
from tiendo_contracts.events.house_facts import house_event
from tiendo_contracts.messages.encoding import Record, event_record, event_stub, state_record, state_stub
from tiendo_contracts.messages.note_messages import checkpoint_record
from tiendo_contracts.messages.places import Place, Version
from tiendo_contracts.messages.states import (
    CaseTimelineState,
    DelayAttributionsState,
    PartyOfCase,
    ShareOfLateness,
)
from tiendo_contracts.proofs.notes import name_of_log, signed_note
from tiendo_contracts.publications.publication_facts import publication_fact_example, publication_type
from tiendo_contracts.texts.canonical_json import digest
from tiendo_domain.facts import Level
from tiendo_domain.monthly_list.workflow import StepKind
from tiendo_domain.rules import UnitRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One record of a topic: its name, what it shows, its bytes."""

    name: str
    summary: str
    record: Record


LOG: Final = UUID("6f1f0f6e-9a55-4f0f-8d1c-0a7e1a0c5b11")
_VERSION: Final = Version(build=1, position=20, revision=57)


def _late() -> dict[str, Any]:
    """The state of the example when it was folded: at the latest instant of its events."""
    late = timeline_example()
    return late | {"as_of": late["finished_at"]}


def case_event_examples() -> list[Example]:
    """Two events of one case, the second of them after the first in the chain of the partition; and a stub."""
    return [
        _event("received", "a case is received; the first message of its partition", RECEIVED, position=17, previous=0),
        _event(
            "forwarded",
            "the same case has another holder: in this partition its message comes after that of position 17",
            FORWARDED,
            position=18,
            previous=17,
        ),
        _event("stub", "too large for the topic: to be fetched", FORWARDED, position=18, previous=17, stub=True),
    ]


def directory_examples() -> list[Example]:
    """The definition of a unit."""
    unit = UnitRule(id="H34.20", name="Chi nhánh VPĐKĐĐ thành phố Kon Tum", parent="H34.STNMT", level=Level.PROVINCE)
    fact = directory_event(unit, at=datetime.fromisoformat("2022-08-01T00:00:00+07:00"))
    return [_event("unit-defined", "a unit and its parent", fact, position=5, previous=4)]


def publication_examples() -> list[Example]:
    """A list that was published."""
    at = datetime.fromisoformat("2022-09-07T09:00:00+07:00")
    fact = house_event(publication_type(StepKind.PUBLISHED), "5b1c9a2e77d04f10", publication_fact_example(), at=at)
    return [_event("published", "the list of a unit and month is public", fact, position=9, previous=8)]


def checkpoint_examples() -> list[Example]:
    """A checkpoint, signed by a key that is nobody's."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    note = signed_note(key, origin=name_of_log(LOG), size=1_800, root=sha256(b"an example").digest())
    record = checkpoint_record(note.whole, log_id=LOG)
    return [Example(name="signed", summary="the log had 1,800 events, and this root", record=record)]


def case_timeline_examples() -> list[Example]:
    """A case that was late, a code that is another one of a case, and a case that cannot be folded."""
    return [
        _state("late", "a case finished late: who held it, and whose share is whose", CaseTimelineState(**_late())),
        _state(
            "joined",
            "the code is another one of a case, which is told of under its own",
            CaseTimelineState(case_id="H34.20-2022-000017", joined_to=CASE_ID),
        ),
        _state("fault", "nothing can be said of the case", CaseTimelineState(case_id=CASE_ID, fault=True)),
    ]


def delay_attributions_examples() -> list[Example]:
    """The shares of a case that was late; a stub in their place."""
    late = DelayAttributionsState(**_late())
    return [
        _state("late", "all shares of a case finished late", late),
        Example(
            name="stub",
            summary="too large for the topic: to be fetched",
            record=state_stub(late, log_id=LOG, version=_VERSION),
        ),
    ]


def agency_examples(unit: str) -> list[Example]:
    """What the agency of a unit sees: a share of somebody else's, and the end of a case's being its concern."""
    late = DelayAttributionsState(**_late())
    others = ShareOfLateness(
        party=PartyOfCase(kind="officer", id=None, name=None, position=None, unit=None, withheld=True),
        minutes=130,
        rule=late.attributions[0].rule,
        event_ids=[],
    )
    shares = [late.attributions[0].model_copy(update={"minutes": 500}), others]
    shared = late.model_copy(update={"attributions": shares, "attributions_by_rule": shares})
    outside = DelayAttributionsState(case_id=late.case_id, outside=True)
    later = Version(build=1, position=25, revision=58)
    return [
        _state("shared", "who bears the second share is withheld from this agency", shared, agency=unit),
        _state("outside", "the case is no concern of the agency any more", outside, agency=unit, version=later),
    ]


def _event(
    name: str, summary: str, event: Mapping[str, Any], *, position: int, previous: int, stub: bool = False
) -> Example:
    attributes = {name: str(value) for name, value in event.items() if name != "data"}
    place = Place(log_id=LOG, position=position, previous_position=previous)
    ingested_at, seal = "2022-08-15T01:05:13.250000Z", digest(dict(event)).hex()
    record = (
        event_stub(attributes, place=place, ingested_at=ingested_at, digest=seal)
        if stub
        else event_record(
            json.dumps(event, ensure_ascii=False, separators=(",", ":")),
            attributes,
            place=place,
            ingested_at=ingested_at,
            digest=seal,
        )
    )
    return Example(name=name, summary=summary, record=record)


def _state(
    name: str,
    summary: str,
    state: CaseTimelineState | DelayAttributionsState,
    *,
    agency: str | None = None,
    version: Version = _VERSION,
) -> Example:
    record = state_record(state, log_id=LOG, version=version, agency=agency)
    return Example(name=name, summary=summary, record=record)
