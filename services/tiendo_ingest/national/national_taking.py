"""Records of the national format into the log: what is known of each dossier is read, and what follows appended, under the dossier's lock."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any, Self
from uuid import uuid4

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.case_events import EVENT_SIZE_MAX, AcceptedEvent
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_event_store import AlreadyAppended, Appended, Conflict, LogUnavailable, StoredEvent, Unstorable
from tiendo_event_store.appending.case_locks import cases_locked
from tiendo_event_store.rejected.refusals import refusal_of
from tiendo_event_store.sources.applicant_fingerprints import Kept, fingerprints_known, note_fingerprints
from tiendo_ingest.ingest_state import Ingest
from tiendo_ingest.intake import BUSY_SECONDS_MAX, log_unavailable
from tiendo_ingest.judging.checked_event import Sent
from tiendo_ingest.judging.entitlement import entitled
from tiendo_ingest.routes.receipts import Status
from tiendo_runtime.authentication import Key
from tiendo_sources.national.applicants import raw_of
from tiendo_sources.national.arrival import Arrival
from tiendo_sources.national.fingerprints import (
    Fingerprint,
    Fingerprints,
    cleared_of_all,
    cleared_record,
    code_named,
    fingerprints_of,
)
from tiendo_sources.national.known_dossier import Judge
from tiendo_sources.national.reader import Message
from tiendo_sources.national.translation import Read, Translated, read_record, translate

CASES_AT_ONCE_MAX = 200
FORMAT = "national"
"""The name of the format beside rejections."""

_JSON = msgspec.json.Decoder(dict[str, Any])


_ByCode = dict[str, list[tuple[int, Read]]]
"""By the code that they name, the records by their places in the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dossier:
    """A dossier with all its codes, and the records about it by their places in the message, in their order."""

    codes: frozenset[str]
    read: list[tuple[int, Read]]

    def cleared(self, known: Mapping[str, Fingerprints]) -> "_Dossier":
        """The same with the applicants left out whom earlier messages named."""
        of_dossier = {code: known[code] for code in self.codes if code in known}
        read = [(index, cleared_record(one, of_dossier)) for index, one in self.read]
        return _Dossier(codes=self.codes, read=read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Records of one message, by their places in it, with the service that they were sent to and how they came."""

    service: str
    numbered: Sequence[tuple[int, Any]]
    arrival: Arrival
    request: str

    @classmethod
    def of_message(cls, message: Message, arrival: Arrival) -> Self:
        """All records of a message, under a new name of the request."""
        numbered = list(enumerate(message.records))
        return cls(service=message.service, numbered=numbered, arrival=arrival, request=uuid4().hex)


Outcome = bool | Refusal
"""Whether a record was new, or why it was refused."""


async def take_records(ingest: Ingest, engine: AsyncEngine, sender: Key, records: Records) -> dict[int, Outcome]:
    """What became of each record, by its place; all is durable. Raises `Refusal` (503) when the log cannot be written.

    Records of one dossier are taken in their order.
    """
    source = records.arrival.source
    outcomes, by_code = await asyncio.to_thread(_read, records)
    try:
        await note_fingerprints(engine, source, await asyncio.to_thread(_fingerprints, records))
        dossiers = _dossiers(by_code, await ingest.log.groups_of(by_code))
        for start in range(0, len(dossiers), CASES_AT_ONCE_MAX):
            chunk = dossiers[start : start + CASES_AT_ONCE_MAX]
            codes = sorted({code for dossier in chunk for code in dossier.codes})
            async with ingest.translating, cases_locked(engine, source, codes):
                known = await _known_fingerprints(engine, source, codes)
                outcomes |= await _take_dossiers(ingest, sender, records, [each.cleared(known) for each in chunk])
    except LogUnavailable as error:
        raise log_unavailable(error) from None
    return outcomes


def _read(records: Records) -> tuple[dict[int, Outcome], _ByCode]:
    """What is refused as it stands, and what can be read by the code that it names."""
    outcomes: dict[int, Outcome] = {}
    by_code: _ByCode = {}
    for index, record in records.numbered:
        read = read_record(records.service, record)
        if isinstance(read, Refusal):
            outcomes[index] = read
        else:
            by_code.setdefault(read.code, []).append((index, read))
    return outcomes, by_code


def _dossiers(by_code: _ByCode, joined: Iterable[frozenset[str]]) -> list[_Dossier]:
    """The records by dossier: codes that are `joined` in the log, or by the records themselves, are one (rule N4)."""
    groups: dict[str, set[str]] = {code: {code} for code in by_code}
    stated = ({code, read.other_code} for code, records in by_code.items() for _, read in records if read.other_code)
    for together in (*joined, *stated):
        whole = set(together).union(*(groups.get(code, ()) for code in together))
        groups.update(dict.fromkeys(whole, whole))
    dossiers = {id(groups[code]): groups[code] for code in by_code}
    return [
        _Dossier(
            codes=frozenset(codes),
            read=sorted((one for code in codes for one in by_code.get(code, ())), key=itemgetter(0)),
        )
        for codes in dossiers.values()
    ]


def _fingerprints(records: Records) -> list[Kept]:
    """Those of the applicants whom the records name."""
    found = (fingerprints_of(record) for _, record in records.numbered)
    return [(code, one.words, one.bits) for code, fingerprints in found for one in fingerprints]


async def _known_fingerprints(engine: AsyncEngine, source: str, codes: Sequence[str]) -> dict[str, Fingerprints]:
    kept = await fingerprints_known(engine, source, codes)
    return {code: frozenset(Fingerprint(*one) for one in found) for code, found in kept.items()}


async def _take_dossiers(
    ingest: Ingest, sender: Key, records: Records, dossiers: Sequence[_Dossier]
) -> dict[int, Outcome]:
    known = await ingest.log.read_cases([code for dossier in dossiers for code in dossier.codes])
    told = await asyncio.to_thread(_translated, dossiers, known, records.arrival, partial(_entitled, sender=sender))
    not_stored = await _append(ingest, [event for each in told for event in each.events])
    outcomes: dict[int, Outcome] = {}
    for dossier, translated in zip(dossiers, told, strict=True):
        refusal = next((not_stored[code] for code in dossier.codes if code in not_stored), None)
        for (index, _), taken in zip(dossier.read, translated.taken, strict=True):
            outcomes[index] = taken if refusal is None else refusal
    return outcomes


def _translated(
    dossiers: Iterable[_Dossier], known: Mapping[str, Sequence[StoredEvent]], arrival: Arrival, judge: Judge
) -> list[Translated]:
    return [
        translate([read for _, read in dossier.read], _of_source(dossier.codes, known, arrival.source), arrival, judge)
        for dossier in dossiers
    ]


def _entitled(event: AcceptedEvent, sender: Key) -> AcceptedEvent:
    return entitled(event, sender)


def _of_source(codes: Iterable[str], known: Mapping[str, Sequence[StoredEvent]], source: str) -> list[dict[str, Any]]:
    """What the source told of the codes, in the order of the log."""
    stored = (event for code in codes for event in known.get(code, ()) if event.source == source)
    return [_JSON.decode(event.text) for event in sorted(stored, key=lambda event: event.position)]


async def _append(ingest: Ingest, events: Sequence[AcceptedEvent]) -> dict[str, Refusal]:
    """Why the log did not take all that was told of a dossier, by its code; somebody else uses an id that is ours."""
    outcomes = await ingest.intake.append(events, busy_seconds_max=BUSY_SECONDS_MAX)
    not_stored: dict[str, Refusal] = {}
    for event, outcome in zip(events, outcomes, strict=True):
        match outcome:
            case Appended():
                ingest.events.labels(Status.ACCEPTED.value).inc()
            case AlreadyAppended():
                ingest.events.labels(Status.DUPLICATE.value).inc()
            case Conflict() | Unstorable():
                ingest.events.labels(Status.REJECTED.value).inc()
                not_stored[event.case_id] = refusal_of(outcome, event_id=event.id)
    return not_stored


async def keep_refused(
    ingest: Ingest, engine: AsyncEngine, sender: Key, records: Records, outcomes: Mapping[int, Outcome]
) -> None:
    """Keep the refused records under /v1/rejections, without applicants' data. Raises `Refusal` (503) when that cannot be done."""
    by_index = dict(records.numbered)
    refused = {index: outcome for index, outcome in sorted(outcomes.items()) if isinstance(outcome, Refusal)}
    if not refused:
        return
    codes = await asyncio.to_thread(lambda: {index: code_named(by_index[index]) for index in refused})
    try:
        groups = await ingest.log.groups_of(set(codes.values()))
        known = await _known_fingerprints(engine, records.arrival.source, sorted(frozenset().union(*groups)))
    except LogUnavailable as error:
        raise log_unavailable(error) from None
    of_code = {code: {one: known[one] for one in group if one in known} for group in groups for code in group}
    kept = await asyncio.to_thread(
        lambda: [
            (Sent(index, _raw(by_index[index], of_code[code]), None, refused[index]), refused[index])
            for index, code in codes.items()
        ]
    )
    origin = origin_of(records.service, records.arrival)
    await ingest.intake.keep(kept, key_id=sender.key_id, request=records.request, origin=origin)


def _raw(record: object, known: Mapping[str, Fingerprints]) -> bytes:
    return raw_of(record, lambda text: cleared_of_all(text, known))[:EVENT_SIZE_MAX]


def origin_of(service: str, arrival: Arrival) -> dict[str, str]:
    """How a record came, as it is kept beside one that is refused, so that it can be taken again."""
    unit = {} if arrival.unit is None else {"unit": arrival.unit}
    sent_at = {} if arrival.sent_at is None else {"sent_at": arrival.sent_at.isoformat()}
    return {"format": FORMAT, "service": service, "source": arrival.source, **unit, **sent_at}
