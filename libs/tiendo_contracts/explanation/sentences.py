"""The sentences of an explanation, each with the numbers of the rules that it follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tiendo_contracts.answers.anomaly_messages import anomaly_message
from tiendo_contracts.explanation.decided import decided_in_words
from tiendo_contracts.explanation.durations import minutes_in_words
from tiendo_contracts.explanation.policies import POLICY_WORDS, PolicyWords
from tiendo_contracts.explanation.remarks import remarks_on
from tiendo_contracts.explanation.vocabulary import (
    CLASS_WORDS,
    STATE_WORDS,
    anomaly_in_words,
    calendar_in_words,
    moment_in_words,
    party_in_words,
    until_in_words,
)
from tiendo_contracts.problems.problem_documents import Language
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import Attribution, CaseClass, CaseTimeline, Hold, PartyKind


class Section(StrEnum):
    """The parts of an explanation, in their order."""

    CASE = "case"
    DUE = "due"
    HOLDS = "holds"
    SHARES = "shares"
    DECISIONS = "decisions"
    ANOMALIES = "anomalies"


SECTION_WORDS: Mapping[Section, Words] = {
    Section.CASE: Words(en="The case", vi="Hồ sơ"),
    Section.DUE: Words(en="Due and lateness", vi="Hạn và thời gian quá hạn"),
    Section.HOLDS: Words(en="Who held it", vi="Ai giữ hồ sơ"),
    Section.SHARES: Words(en="Whose share it is", vi="Quy trách nhiệm"),
    Section.DECISIONS: Words(en="What was explained and decided", vi="Giải trình và quyết định"),
    Section.ANOMALIES: Words(en="What does not fit", vi="Điểm bất thường"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence, the rules it follows and the events it rests on."""

    section: Section
    words: Words
    rules: tuple[str, ...] = ()
    event_ids: tuple[str, ...] = ()


def explain(timeline: CaseTimeline) -> list[Sentence]:
    """How every share of the timeline came about by rule, from the reception to the last minute, and what decisions made of it."""
    return [
        *_case(timeline),
        *_due(timeline),
        *(_hold(timeline, hold) for hold in timeline.holds),
        *_shares(timeline),
        *_decisions(timeline),
        *_anomalies(timeline),
    ]


def _case(timeline: CaseTimeline) -> Iterator[Sentence]:
    unit = timeline.unit and (timeline.unit.name or timeline.unit.id)
    calendar = calendar_in_words(timeline.calendar_version)
    procedure = timeline.procedure and (timeline.procedure.name or timeline.procedure.id)
    yield _say(
        Section.CASE,
        f"Case {timeline.case_id}: {procedure or 'procedure not stated'}; responsible unit: {unit or 'not stated'}. "
        f"Working time is counted by the calendar {calendar.en}.",
        f"Hồ sơ {timeline.case_id}: {procedure or 'không nêu thủ tục'}; đơn vị chịu trách nhiệm: {unit or 'không nêu'}. "
        f"Thời gian làm việc tính theo lịch {calendar.vi}.",
        "T6",
    )
    if timeline.received_at is not None:
        at = moment_in_words(timeline.received_at)
        yield _say(Section.CASE, f"It was received at {at}.", f"Hồ sơ được tiếp nhận lúc {at}.", "H1")
    state = STATE_WORDS[timeline.state]
    if timeline.finished_at is not None:
        at = moment_in_words(timeline.finished_at)
        yield _say(Section.CASE, f"It ended at {at}: {state.en}.", f"Hồ sơ kết thúc lúc {at}: {state.vi}.", "H6")
    else:
        until = until_in_words(Instant(timeline.as_of, ""))
        yield _say(
            Section.CASE,
            f"It is open ({state.en}); what follows is provisional, as of {until.en}.",
            f"Hồ sơ chưa kết thúc ({state.vi}); các số liệu dưới đây là tạm tính đến {until.vi}.",
            "A7",
        )


def _due(timeline: CaseTimeline) -> Iterator[Sentence]:
    stated, judged = timeline.due_at, timeline.judged_due_at
    if stated is not None:
        at = moment_in_words(stated)
        yield _say(Section.DUE, f"The due last stated is {at}.", f"Ngày hẹn trả đã báo gần nhất là {at}.", "D1")
    if judged is None:
        if timeline.holds:
            yield _say(
                Section.DUE,
                "No due is known, so no lateness can be told.",
                "Không có hạn nên không xác định được thời gian quá hạn.",
                "D1",
            )
        return
    at = moment_in_words(judged)
    yield _say(
        Section.DUE,
        f"Lateness is measured against {at}: the due with every pause and every effective change.",
        f"Thời gian quá hạn được tính từ {at}: ngày hẹn trả đã cộng thời gian tạm dừng và các lần đổi hạn có hiệu lực.",
        "D1",
        "D2",
        "D3",
    )
    if timeline.class_by_rule not in _RECORDED_LATE:
        yield _lateness(timeline)
    yield from _class(timeline)


_RECORDED_LATE = frozenset({CaseClass.LATE_ENTRY, CaseClass.UNPROVEN})


def _lateness(timeline: CaseTimeline) -> Sentence:
    amount = minutes_in_words(timeline.lateness_by_rule_minutes or 0)
    if not (timeline.overdue or timeline.case_class is CaseClass.LATE_SYNC):
        return _say(Section.DUE, "The case is not late.", "Hồ sơ không quá hạn.", "D4")
    return _say(
        Section.DUE,
        f"The case is late by {amount.en} of working time; pauses after the due are not counted.",
        f"Hồ sơ quá hạn {amount.vi}, tính theo thời gian làm việc, không kể thời gian tạm dừng sau hạn.",
        "D4",
    )


def _class(timeline: CaseTimeline) -> Iterator[Sentence]:
    if timeline.class_by_rule is None:
        return
    named = CLASS_WORDS[timeline.class_by_rule]
    yield _say(Section.DUE, f"Class: {named.en}.", f"Phân loại: {named.vi}.", "C")
    if timeline.class_by_rule in _RECORDED_LATE and timeline.late_entry_party is not None:
        amount, party = minutes_in_words(timeline.late_entry_by_rule_minutes), party_in_words(timeline.late_entry_party)
        yield _say(
            Section.DUE,
            f"The finish was in time but recorded {amount.en} of working time after the due; the case was with {party.en} then.",
            f"Hồ sơ xử lý xong đúng hạn nhưng được ghi nhận muộn {amount.vi} so với hạn; lúc xử lý xong, hồ sơ do {party.vi} giữ.",
            "C",
        )


def _hold(timeline: CaseTimeline, hold: Hold) -> Sentence:
    party, span = party_in_words(hold.party), _span(hold)
    worked = minutes_in_words(hold.working_minutes)
    step = f" [{hold.step.name or hold.step.id}]" if hold.step is not None else ""
    remarks = list(remarks_on(hold))
    rules = [remark.rule for remark in remarks if remark.rule is not None]
    en = "".join([f"{span.en}: {party.en}{step}", *(f" ({remark.words.en})" for remark in remarks), f", {worked.en}"])
    vi = "".join([f"{span.vi}: {party.vi}{step}", *(f" ({remark.words.vi})" for remark in remarks), f", {worked.vi}"])
    if hold.paused:
        return _say(
            Section.HOLDS,
            f"{en}; the clock stands and nobody overruns.",
            f"{vi}; thời gian này không tính vào thời hạn giải quyết, không ai bị tính là vượt thời hạn.",
            "H4",
            *rules,
            "A2",
            event_ids=hold.event_ids,
        )
    words = POLICY_WORDS[timeline.policy]
    said = words.of_hold(hold)
    rules = [*words.party_rules, *rules, *words.hold_rules]
    return _say(Section.HOLDS, f"{en}; {said.en}.", f"{vi}; {said.vi}.", *rules, event_ids=hold.event_ids)


def _shares(timeline: CaseTimeline) -> Iterator[Sentence]:
    if not timeline.attributions_by_rule:
        return
    words, late = POLICY_WORDS[timeline.policy], minutes_in_words(timeline.lateness_by_rule_minutes or 0)
    how = words.of_shares(timeline)
    yield _say(Section.SHARES, f"{how.en}.", f"{how.vi}.", words.share_rule)
    for share in timeline.attributions_by_rule:
        yield _share(timeline, share, words)
    together = minutes_in_words(sum(share.minutes for share in timeline.attributions_by_rule))
    yield _say(
        Section.SHARES,
        f"Together: {together.en}; the case is late by {late.en}.",
        f"Tổng cộng: {together.vi}; hồ sơ quá hạn {late.vi}.",
        words.share_rule,
    )


def _share(timeline: CaseTimeline, share: Attribution, words: PolicyWords) -> Sentence:
    party, amount = party_in_words(share.party), minutes_in_words(share.minutes)
    en, vi = f"{party.en}: {amount.en}", f"{party.vi}: {amount.vi}"
    if share.party.kind is PartyKind.ORGANISATION:
        en = f"{en}; what no overrun explains, and roundings, never go to a person"
        vi = f"{vi}; phần không do bên nào vượt thời hạn bước và phần lẻ do làm tròn, không tính cho cá nhân"
    elif (how := words.of_share(timeline, share)) is not None:
        en, vi = f"{en} = {how.en}", f"{vi} = {how.vi}"
    return _say(Section.SHARES, f"{en}.", f"{vi}.", words.share_rule, event_ids=share.event_ids)


def _decisions(timeline: CaseTimeline) -> Iterator[Sentence]:
    for told in decided_in_words(timeline):
        yield Sentence(section=Section.DECISIONS, words=told.words, rules=(told.rule,), event_ids=told.event_ids)


def _anomalies(timeline: CaseTimeline) -> Iterator[Sentence]:
    for anomaly in timeline.anomalies:
        name = anomaly_in_words(anomaly.kind)
        en, vi = (anomaly_message(anomaly.kind, language) for language in (Language.ENGLISH, Language.VIETNAMESE))
        yield _say(Section.ANOMALIES, f"{name.en}: {en}", f"{name.vi}: {vi}", "C", event_ids=anomaly.event_ids)


def _span(hold: Hold) -> Words:
    start = moment_in_words(hold.started_at)
    if hold.ended_at is None:
        return Words(en=f"since {start}", vi=f"từ {start}")
    end = moment_in_words(hold.ended_at)
    return Words(en=f"{start} to {end}", vi=f"{start} đến {end}")


def _say(section: Section, en: str, vi: str, *rules: str, event_ids: tuple[str, ...] = ()) -> Sentence:
    return Sentence(section=section, words=Words(en=en, vi=vi), rules=rules, event_ids=event_ids)
