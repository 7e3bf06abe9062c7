"""A case's timeline as a terminal shows it: one line a hold, with a bar of its working time and its overrun."""

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tiendo_contracts.answers.anomaly_messages import anomaly_message
from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.explanation import CLASS_WORDS, STATE_WORDS, moment_in_words, party_in_words
from tiendo_contracts.problem_kinds import Words
from tiendo_contracts.problems import Language
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import CaseTimeline, Hold
from tiendo_query.single_cases import SeenCase

BAR_CELLS = 24

_HEADINGS = {
    "holder": Words(en="holder", vi="người giữ hồ sơ"),
    "step": Words(en="step", vi="bước"),
    "from": Words(en="from", vi="từ"),
    "to": Words(en="to", vi="đến"),
    "minutes": Words(en="minutes", vi="phút"),
    "allotted": Words(en="allotment left", vi="thời hạn còn"),
    "overrun": Words(en="overrun", vi="vượt"),
    "share": Words(en="share", vi="trách nhiệm"),
    "rule": Words(en="rule", vi="quy tắc"),
    "events": Words(en="events", vi="sự kiện"),
    "received": Words(en="received", vi="tiếp nhận"),
    "due": Words(en="due as stated", vi="ngày hẹn trả"),
    "judged": Words(en="due judged by", vi="hạn dùng để tính quá hạn"),
    "ended": Words(en="ended", vi="kết thúc"),
    "lateness": Words(en="lateness (working minutes)", vi="quá hạn (phút làm việc)"),
    "late_entry": Words(en="late entry (working minutes)", vi="quên thao tác (phút làm việc)"),
    "none": Words(en="none", vi="không"),
    "open": Words(en="open", vi="chưa kết thúc"),
}


def case_picture(seen: SeenCase, language: Language) -> RenderableType:
    """The case: its dues, its holds with bars (█ within the allotment, ▓ beyond it, ░ clock stands), its shares, its anomalies."""
    timeline = seen.timeline
    parts: list[RenderableType] = []
    notice = notice_of(simulated=seen.simulated)
    if notice is not None:
        parts.append(Text(notice, style="bold yellow"))
    parts += [_head(timeline, language), _holds(timeline, language)]
    if timeline.attributions:
        parts.append(_shares(timeline, language))
    parts += [
        Text(f"! {anomaly.kind}: {anomaly_message(anomaly.kind, language)} ({', '.join(anomaly.event_ids)})")
        for anomaly in timeline.anomalies
    ]
    return Group(*parts)


def _head(timeline: CaseTimeline, language: Language) -> Table:
    table = Table.grid(padding=(0, 2))
    state = STATE_WORDS[timeline.state].spoken(language)
    if timeline.case_class is not None:
        state += f" · {CLASS_WORDS[timeline.case_class].spoken(language)}"
    table.add_row(Text(timeline.case_id, style="bold"), state)
    table.add_row(_word("received", language), _moment(timeline.received_at, language))
    table.add_row(_word("due", language), _moment(timeline.due_at, language))
    table.add_row(_word("judged", language), _moment(timeline.judged_due_at, language))
    ended = _word("open", language) if timeline.finished_at is None else moment_in_words(timeline.finished_at)
    table.add_row(_word("ended", language), ended)
    lateness = _word("none", language) if timeline.lateness_minutes is None else str(timeline.lateness_minutes)
    table.add_row(_word("lateness", language), lateness)
    if timeline.late_entry_party is not None:
        party = party_in_words(timeline.late_entry_party).spoken(language)
        table.add_row(_word("late_entry", language), Text(f"{timeline.late_entry_minutes} · {party}"))
    return table


def _holds(timeline: CaseTimeline, language: Language) -> Table:
    table = Table(*(_word(name, language) for name in ("holder", "step")))
    for name in ("from", "to"):
        table.add_column(_word(name, language), no_wrap=True)
    for name in ("minutes", "allotted", "overrun"):
        table.add_column(_word(name, language), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    longest = max((hold.working_minutes for hold in timeline.holds), default=0)
    for hold in timeline.holds:
        table.add_row(
            escape(party_in_words(hold.party).spoken(language)),
            escape(hold.step.name or hold.step.id) if hold.step is not None else "",
            moment_in_words(hold.started_at),
            _word("open", language) if hold.ended_at is None else moment_in_words(hold.ended_at),
            str(hold.working_minutes),
            _number(hold.allotted_minutes),
            _number(hold.overrun_minutes),
            _bar(hold, longest),
        )
    return table


def _bar(hold: Hold, longest: int) -> Text:
    """At least one cell for a hold with working time; the overrun in its proportion."""
    if hold.working_minutes <= 0 or longest <= 0:
        return Text("")
    cells = max(1, round(BAR_CELLS * hold.working_minutes / longest))
    if hold.paused:
        return Text("░" * cells, style="dim")
    over = round(cells * min(1.0, (hold.overrun_minutes or 0) / hold.working_minutes))
    return Text("█" * (cells - over), style="green") + Text("▓" * over, style="red")


def _shares(timeline: CaseTimeline, language: Language) -> Table:
    table = Table(_word("holder", language))
    table.add_column(_word("share", language), justify="right")
    for name in ("rule", "events"):
        table.add_column(_word(name, language))
    for share in timeline.attributions:
        table.add_row(
            escape(party_in_words(share.party).spoken(language)),
            str(share.minutes),
            escape(share.rule),
            escape(", ".join(share.event_ids)),
        )
    return table


def _moment(instant: Instant | None, language: Language) -> str:
    return _word("none", language) if instant is None else moment_in_words(instant)


def _number(minutes: int | None) -> str:
    return "" if minutes is None else str(minutes)


def _word(name: str, language: Language) -> str:
    return _HEADINGS[name].spoken(language)
