"""The sentences of an explanation, each with the numbers of the rules that it follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tiendo_contracts.answers.anomaly_messages import anomaly_message
from tiendo_contracts.explanation.durations import minutes_in_words, number_in_words
from tiendo_contracts.explanation.vocabulary import (
    CLASS_WORDS,
    STATE_WORDS,
    calendar_in_words,
    moment_in_words,
    party_in_words,
    until_in_words,
)
from tiendo_contracts.problem_kinds import Words
from tiendo_contracts.problems import Language
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import Attribution, CaseClass, CaseTimeline, Hold, PartyKind, Policy


class Section(StrEnum):
    """The parts of an explanation, in their order."""

    CASE = "case"
    DUE = "due"
    HOLDS = "holds"
    SHARES = "shares"
    ANOMALIES = "anomalies"


SECTION_WORDS: Mapping[Section, Words] = {
    Section.CASE: Words(en="The case", vi="Hồ sơ"),
    Section.DUE: Words(en="Due and lateness", vi="Hạn và thời gian quá hạn"),
    Section.HOLDS: Words(en="Who held it", vi="Ai giữ hồ sơ"),
    Section.SHARES: Words(en="Whose share it is", vi="Quy trách nhiệm"),
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
    """How every share of the timeline came about, from the reception to the last minute."""
    return [
        *_case(timeline),
        *_due(timeline),
        *(_hold(timeline, hold) for hold in timeline.holds),
        *_shares(timeline),
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
        f"Thời gian quá hạn được tính so với {at}: hạn đã cộng thời gian tạm dừng và các thay đổi có hiệu lực.",
        "D1",
        "D2",
        "D3",
    )
    yield _lateness(timeline)
    yield from _class(timeline)


_RECORDED_LATE = frozenset({CaseClass.LATE_ENTRY, CaseClass.UNPROVEN})


def _lateness(timeline: CaseTimeline) -> Sentence:
    amount = minutes_in_words(timeline.lateness_minutes or 0)
    if timeline.case_class in _RECORDED_LATE:
        return _say(
            Section.DUE,
            "It was finished by the due, and its finish was recorded after the due.",
            "Hồ sơ xử lý xong trong hạn nhưng việc kết thúc được ghi nhận sau hạn.",
            "C",
        )
    if not timeline.overdue:
        return _say(Section.DUE, "The case is not late.", "Hồ sơ không quá hạn.", "D4")
    return _say(
        Section.DUE,
        f"The case is late by {amount.en} of working time; pauses after the due are not counted.",
        f"Hồ sơ quá hạn {amount.vi} làm việc; thời gian tạm dừng sau hạn không tính.",
        "D4",
    )


def _class(timeline: CaseTimeline) -> Iterator[Sentence]:
    if timeline.case_class is None:
        return
    named = CLASS_WORDS[timeline.case_class]
    yield _say(Section.DUE, f"Class: {named.en}.", f"Phân loại: {named.vi}.", "C")
    if timeline.case_class in _RECORDED_LATE and timeline.late_entry_party is not None:
        amount, party = minutes_in_words(timeline.late_entry_minutes), party_in_words(timeline.late_entry_party)
        yield _say(
            Section.DUE,
            f"The finish was recorded {amount.en} of working time after the due; the case was with {party.en} then.",
            f"Việc kết thúc được ghi nhận muộn {amount.vi} làm việc sau hạn; khi đó hồ sơ do {party.vi} giữ.",
            "C",
        )


def _hold(timeline: CaseTimeline, hold: Hold) -> Sentence:
    party, span = party_in_words(hold.party), _span(hold)
    worked = minutes_in_words(hold.working_minutes)
    step = f" [{hold.step.name or hold.step.id}]" if hold.step is not None else ""
    en, vi = f"{span.en}: {party.en}{step}, {worked.en}", f"{span.vi}: {party.vi}{step}, {worked.vi}"
    if hold.paused:
        return _say(
            Section.HOLDS,
            f"{en}; the clock stands and nobody overruns.",
            f"{vi}; thời gian này không tính vào thời hạn giải quyết, không ai bị tính vượt thời hạn.",
            "H4",
            "A2",
            event_ids=hold.event_ids,
        )
    if timeline.policy is Policy.AFTER_DUE:
        late = minutes_in_words((hold.lateness_out_minutes or 0) - (hold.lateness_in_minutes or 0))
        return _say(
            Section.HOLDS,
            f"{en}; of these after the due: {late.en}.",
            f"{vi}; trong đó sau hạn: {late.vi}.",
            "H2",
            "A4",
            event_ids=hold.event_ids,
        )
    return _allotted_hold(hold, en, vi)


def _allotted_hold(hold: Hold, en: str, vi: str) -> Sentence:
    over = minutes_in_words(hold.overrun_minutes or 0)
    if hold.allotted_minutes is None:
        en, vi = (
            f"{en}; nothing allotted, overrun {over.en}",
            f"{vi}; bước không quy định thời hạn, tính vượt {over.vi}",
        )
    else:
        left = minutes_in_words(hold.allotted_minutes)
        en = f"{en}; left of the allotment at the start {left.en}, overrun {over.en}"
        vi = f"{vi}; khi nhận, thời hạn của bước còn {left.vi}; {_over_vi(hold, over)}"
    if not hold.takes_part:
        en, vi = (
            f"{en}; before a restart, so without part in the shares",
            f"{vi}; trước lần tính lại từ đầu nên không tham gia chia",
        )
    return _say(Section.HOLDS, f"{en}.", f"{vi}.", "A1", "A2", event_ids=hold.event_ids)


def _over_vi(hold: Hold, over: Words) -> str:
    return f"đã dùng vượt {over.vi}" if hold.overrun_minutes else "không vượt"


def _shares(timeline: CaseTimeline) -> Iterator[Sentence]:
    if not timeline.attributions:
        return
    lateness = timeline.lateness_minutes or 0
    if timeline.policy is Policy.AFTER_DUE:
        yield _say(
            Section.SHARES,
            "Each minute of the lateness belongs to the party that held the case in it (after-due/1).",
            "Mỗi phút quá hạn tính cho bên đang giữ hồ sơ trong phút đó (cách chia after-due/1).",
            "A4",
        )
    else:
        total = _overruns_together(timeline)
        yield _say(
            Section.SHARES,
            f"The lateness of {_en(lateness)} minutes is shared in proportion to the overruns, {_en(total)} minutes together "
            "(step-norm/1); nobody bears more than the own overrun.",
            f"{_vi(lateness)} phút quá hạn được chia theo tỷ lệ thời gian vượt thời hạn các bước, tổng cộng {_vi(total)} phút "
            "(cách chia step-norm/1); không ai phải chịu nhiều hơn phần vượt của mình.",
            "A3",
        )
    for share in timeline.attributions:
        yield _share(timeline, share)
    together = sum(share.minutes for share in timeline.attributions)
    yield _say(
        Section.SHARES,
        f"Together: {_en(together)} of {_en(lateness)} minutes.",
        f"Tổng cộng: {_vi(together)} trên {_vi(lateness)} phút.",
        "A3" if timeline.policy is Policy.STEP_NORM else "A4",
    )


def _share(timeline: CaseTimeline, share: Attribution) -> Sentence:
    party, amount = party_in_words(share.party), minutes_in_words(share.minutes)
    en, vi = f"{party.en}: {amount.en}", f"{party.vi}: {amount.vi}"
    if share.party.kind is PartyKind.ORGANISATION:
        en = f"{en}; what no overrun explains, and roundings, never go to a person"
        vi = f"{vi}; phần không do ai vượt thời hạn bước và phần lẻ do làm tròn, không tính cho cá nhân nào"
    elif timeline.policy is Policy.STEP_NORM:
        working = _share_working(timeline, share)
        en, vi = f"{en} = {working.en}", f"{vi} = {working.vi}"
    rule = "A3" if timeline.policy is Policy.STEP_NORM else "A4"
    return _say(Section.SHARES, f"{en}.", f"{vi}.", rule, event_ids=share.event_ids)


def _share_working(timeline: CaseTimeline, share: Attribution) -> Words:
    """How one share is computed: overrun × L ÷ S rounded down, or the overrun itself."""
    lateness, total = timeline.lateness_minutes or 0, _overruns_together(timeline)
    if lateness >= total:
        return Words(en="the whole overrun", vi="toàn bộ phần vượt")
    overrun = share.overrun_minutes or 0
    return Words(
        en=f"⌊{_en(overrun)} × {_en(lateness)} ÷ {_en(total)}⌋, rounded down",
        vi=f"⌊{_vi(overrun)} × {_vi(lateness)} ÷ {_vi(total)}⌋, làm tròn xuống",
    )


def _overruns_together(timeline: CaseTimeline) -> int:
    return sum(hold.overrun_minutes or 0 for hold in timeline.holds if hold.takes_part)


def _anomalies(timeline: CaseTimeline) -> Iterator[Sentence]:
    for anomaly in timeline.anomalies:
        en, vi = (anomaly_message(anomaly.kind, language) for language in (Language.ENGLISH, Language.VIETNAMESE))
        yield _say(
            Section.ANOMALIES, f"{anomaly.kind}: {en}", f"{anomaly.kind}: {vi}", "C", event_ids=anomaly.event_ids
        )


def _span(hold: Hold) -> Words:
    start = moment_in_words(hold.started_at)
    if hold.ended_at is None:
        return Words(en=f"since {start}", vi=f"từ {start}")
    end = moment_in_words(hold.ended_at)
    return Words(en=f"{start} to {end}", vi=f"{start} đến {end}")


def _en(number: int) -> str:
    return number_in_words(number, Language.ENGLISH)


def _vi(number: int) -> str:
    return number_in_words(number, Language.VIETNAMESE)


def _say(section: Section, en: str, vi: str, *rules: str, event_ids: tuple[str, ...] = ()) -> Sentence:
    return Sentence(section=section, words=Words(en=en, vi=vi), rules=rules, event_ids=event_ids)
