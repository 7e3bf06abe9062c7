"""What the page of one case shows: one page of its holds, and a bounded part of everything else that can be long."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from tiendo_contracts.answers.anomaly_messages import anomaly_message
from tiendo_contracts.explanation import (
    CLASS_WORDS,
    POLICY_WORDS,
    SECTION_WORDS,
    STATE_WORDS,
    Section,
    anomaly_in_words,
    calendar_in_words,
    explain,
    policy_in_words,
    rule_in_words,
    waiting_in_words,
)
from tiendo_contracts.problems.problem_documents import Language
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.explanations import LateEntryEffect
from tiendo_domain.facts import Completed, SignedDocument
from tiendo_domain.instants import Instant, Moment
from tiendo_domain.timeline_types import CaseClass, CaseTimeline, Party
from tiendo_query.figures.waiting import CaseWaiting
from tiendo_query.pages.case.picture import picture_of
from tiendo_query.pages.case.told_events import told_events
from tiendo_query.pages.explained import told_of_case
from tiendo_query.pages.paging import Paged, paged
from tiendo_query.pages.showing import in_path, party_detail, party_label

HOLDS_ON_A_PAGE: Final = 100
SHARES_MAX: Final = 100
ANOMALIES_MAX: Final = 50
SENTENCES_MAX: Final = 150
EVENT_IDS_MAX: Final = 20
EXPLAINED_MAX: Final = 50

_RECORDED_LATE: Final = frozenset({CaseClass.LATE_ENTRY, CaseClass.UNPROVEN})
_ACCEPTED: Final = {
    True: Words(vi="đã chấp nhận", en="accepted"),
    False: Words(vi="chưa, đang chờ người có thẩm quyền quyết định", en="not yet, it waits for a decision"),
    None: Words(vi="chưa đủ minh chứng để xem xét", en="evidence is missing"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntry:
    """What proves, or does not prove, that a finish recorded after the due came before it; not `told`: the reader does not see whether anything does."""

    recorded_at: Instant | None
    told: bool
    document_number: str | None
    signed_at: Moment | None
    accepted: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """What a party bears of the lateness: by rule and after decisions, always both."""

    party: Party
    by_rule_minutes: int
    minutes: int
    rule: str
    event_ids: Sequence[str]


def case_values(
    timeline: CaseTimeline,
    events: Sequence[CaseEvent] | None,
    *,
    page: int,
    names: bool,
    own_key: str | None = None,
) -> dict[str, Any]:
    """The values of case.html; without `names` no officer's name or id is among them, and so no explanation.

    `events` are None where the reader sees the case in part; `own_key` is the key of the party that the reader is.
    Raises the refusal of a page that is not there.
    """
    label, detail = party_label(names=names), party_detail(names=names)
    unit, procedure = timeline.unit, timeline.procedure
    holds = paged(timeline.holds, page, HOLDS_ON_A_PAGE)
    words = POLICY_WORDS[timeline.policy]
    return {
        "timeline": timeline,
        "subject": {
            "unit": unit and (unit.name or unit.id),
            "procedure": procedure and (procedure.name or procedure.id),
        },
        "state": STATE_WORDS[timeline.state],
        "case_class": None if timeline.case_class is None else CLASS_WORDS[timeline.case_class],
        "late_entry": late_entry(timeline, events),
        **_late_entries(timeline),
        "calendar": calendar_in_words(timeline.calendar_version),
        "picture": picture_of(timeline, label, detail),
        "forms": f"/v1/cases/{in_path(timeline.case_id)}/forms" if names else None,
        "label": label,
        "detail": detail,
        "holds": holds,
        "against": words.against,
        "lags": words.lags,
        "policy": policy_in_words(timeline.policy),
        "shares": share_rows(timeline)[:SHARES_MAX],
        "share_count": len(share_rows(timeline)),
        "own_key": own_key,
        "explained": told_of_case(timeline)[:EXPLAINED_MAX] if names else [],
        "shares_max": SHARES_MAX,
        "rule_words": rule_in_words,
        "event_ids_max": EVENT_IDS_MAX,
        "sentences": _by_section(timeline, holds) if names else [],
        "anomalies": [
            {
                "kind": anomaly_in_words(anomaly.kind),
                "message": Words(**{language.value: anomaly_message(anomaly.kind, language) for language in Language}),
                "event_ids": anomaly.event_ids,
            }
            for anomaly in timeline.anomalies[:ANOMALIES_MAX]
        ],
        "anomaly_count": len(timeline.anomalies),
        "told_events": told_events(events, {timeline.case_id, *timeline.aliases}, names=names),
    }


def share_rows(timeline: CaseTimeline) -> list[ShareRow]:
    """One row a party that bears something after decisions or did by rule: as the timeline orders the former, then the others."""
    by_rule = {row.party.key: row for row in timeline.attributions_by_rule}
    after = {row.party.key: row for row in timeline.attributions}
    return [
        ShareRow(
            party=row.party,
            by_rule_minutes=0 if key not in by_rule else by_rule[key].minutes,
            minutes=0 if key not in after else after[key].minutes,
            rule=row.rule,
            event_ids=row.event_ids,
        )
        for key, row in {**after, **{key: row for key, row in by_rule.items() if key not in after}}.items()
    ]


def waited_in_words(waiting: CaseWaiting | None) -> dict[str, Words]:
    """Key of each officer with a share -> why the case waited with them, to stand beside the share; empty where nothing is told."""
    officers = () if waiting is None else waiting.officers
    return {
        one.party.key: waiting_in_words(one.causes)
        for one in officers
        if one.attributed_minutes or one.attributed_by_rule_minutes
    }


def late_entry(timeline: CaseTimeline, events: Sequence[CaseEvent] | None) -> LateEntry | None:
    """The recorded instant and the evidence of a finish that was recorded after the due; None for cases of other classes."""
    finish = timeline.completed_at
    if timeline.case_class not in _RECORDED_LATE or finish is None:
        return None
    completions = [
        event for event in events or () if isinstance(event.fact, Completed) and event.occurred_at.at == finish.at
    ]
    recorded = timeline.finish_recorded_at
    counted = [
        event for event in completions if recorded is None or (event.recorded_at or event.occurred_at).at == recorded.at
    ]
    document = _accepted_evidence(timeline) or next(
        (event.fact.evidence for event in counted if isinstance(event.fact, Completed)), None
    )
    return LateEntry(
        recorded_at=recorded,
        told=events is not None,
        document_number=None if document is None else document.document_number,
        signed_at=None if document is None else document.signed_at,
        accepted=_ACCEPTED[timeline.accepted],
    )


def _late_entries(timeline: CaseTimeline) -> dict[str, Any]:
    """Who bears the late entry: who held the case at its finish, where that is one party alone; else each with its part."""
    entries, holder = timeline.late_entries, timeline.late_entry_party
    if holder is not None and [entry.party.key for entry in entries] == [holder.key]:
        return {"held_at_finish": holder, "late_entries": []}
    return {"held_at_finish": None, "late_entries": entries[:SHARES_MAX]}


def _accepted_evidence(timeline: CaseTimeline) -> SignedDocument | None:
    """The document on which the late entry was accepted (rule E2)."""
    if not timeline.accepted:
        return None
    standing = (decision.said for decision in reversed(timeline.decisions) if decision.stands)
    effects = (effect for said in standing for effect in reversed(said.effects or ()))
    return next((effect.evidence for effect in effects if isinstance(effect, LateEntryEffect)), None)


def _by_section(timeline: CaseTimeline, holds: Paged[Any]) -> list[dict[str, Any]]:
    """The explanation section by section, of the holds those on the page; the anomalies have a part of the page to themselves."""
    sections = []
    for section, found in groupby(explain(timeline), key=lambda sentence: sentence.section):
        sentences, start = list(found), 0
        if section is Section.ANOMALIES:
            continue
        if section is Section.HOLDS:
            start, sentences = holds.start, sentences[holds.start : holds.start + len(holds.items)]
        shown = sentences[:SENTENCES_MAX]
        left_out = len(sentences) - len(shown)
        sections.append({"title": SECTION_WORDS[section], "sentences": shown, "start": start + 1, "left_out": left_out})
    return sections
