"""A case's timeline as a terminal shows it: one line a hold, with a bar of its working time and its overrun."""

from rich.console import RenderableType
from rich.text import Text

from tiendo_cli.tables.printed_tables import Amount, Cell, Listing, Span, TableColumn
from tiendo_cli.terminal import visible
from tiendo_contracts.answers.anomaly_messages import anomaly_message
from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.explanation import (
    CLASS_WORDS,
    STATE_WORDS,
    anomaly_in_words,
    in_words,
    moment_in_words,
    party_in_words,
    rule_in_words,
)
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import CaseTimeline, Hold
from tiendo_query.cases.single_cases import SeenCase

BAR_CELLS = 16

_HEADINGS = {
    "holder": Words(en="holder", vi="người giữ hồ sơ"),
    "step": Words(en="step", vi="bước"),
    "span": Words(en="from, to", vi="từ, đến"),
    "minutes": Words(en="working minutes", vi="phút giữ"),
    "allotted": Words(en="allotment left", vi="thời hạn bước còn lúc nhận"),
    "overrun": Words(en="overrun", vi="vượt thời hạn bước"),
    "bearer": Words(en="who answers for it", vi="bên chịu trách nhiệm"),
    "share": Words(en="share", vi="phút quy trách nhiệm"),
    "rule": Words(en="rule", vi="quy tắc"),
    "events": Words(en="events", vi="sự kiện"),
    "case": Words(en="case", vi="hồ sơ"),
    "aliases": Words(en="other codes", vi="mã khác"),
    "state": Words(en="state", vi="tình trạng"),
    "received": Words(en="received", vi="tiếp nhận"),
    "due": Words(en="due as stated", vi="ngày hẹn trả"),
    "judged": Words(en="due judged by", vi="hạn để tính quá hạn"),
    "ended": Words(en="ended", vi="kết thúc"),
    "lateness": Words(en="late by (working time)", vi="quá hạn (thời gian làm việc)"),
    "late_entry": Words(en="late entry (working time)", vi="quên thao tác (thời gian làm việc)"),
    "none": Words(en="none", vi="không có"),
    "open": Words(en="open", vi="chưa kết thúc"),
}


def case_picture(seen: SeenCase, language: Language) -> list[RenderableType]:
    """The case: its dues, its holds with bars (█ within the allotment, ▓ beyond it, ░ clock stands), its shares, its anomalies."""
    timeline = seen.timeline
    parts: list[RenderableType] = []
    notice = notice_of(simulated=seen.simulated)
    if notice is not None:
        parts.append(Text(notice, style="bold yellow"))
    parts += [*_head(timeline, language), Text(""), _holds(timeline, language)]
    if timeline.attributions:
        parts += [Text(""), _shares(timeline, language)]
    if timeline.anomalies:
        parts.append(Text(""))
    parts += [
        Text(
            visible(f"! {anomaly_in_words(anomaly.kind).spoken(language)}: {message} ({', '.join(anomaly.event_ids)})")
        )
        for anomaly in timeline.anomalies
        for message in [anomaly_message(anomaly.kind, language)]
    ]
    return parts


def _head(timeline: CaseTimeline, language: Language) -> list[Text]:
    state = STATE_WORDS[timeline.state].spoken(language)
    if timeline.case_class is not None:
        state += f" · {CLASS_WORDS[timeline.case_class].spoken(language)}"
    lines = [
        ("case", timeline.case_id),
        *([("aliases", ", ".join(timeline.aliases))] if timeline.aliases else []),
        ("state", state),
        ("received", _moment(timeline.received_at, language)),
        ("due", _moment(timeline.due_at, language)),
        ("judged", _moment(timeline.judged_due_at, language)),
        ("ended", _end(timeline.finished_at, language)),
        ("lateness", _amount(timeline.lateness_minutes, language)),
    ]
    for entry in timeline.late_entries:
        party = party_in_words(entry.party).spoken(language)
        lines.append(("late_entry", f"{in_words(entry.minutes, language)} · {party}"))
    return [
        Text.assemble(f"{_word(name, language)}: ", (visible(value), "bold" if name == "case" else ""), overflow="fold")
        for name, value in lines
    ]


def _holds(timeline: CaseTimeline, language: Language) -> Listing:
    longest = max((hold.working_minutes for hold in timeline.holds), default=0)
    return Listing(
        columns=(
            *(TableColumn(_word(name, language)) for name in ("holder", "step")),
            TableColumn(_word("span", language), whole=True),
            *(TableColumn(_word(name, language), right=True) for name in ("minutes", "allotted", "overrun")),
            TableColumn("", whole=True),
        ),
        rows=[_hold(hold, longest, language) for hold in timeline.holds],
    )


def _hold(hold: Hold, longest: int, language: Language) -> tuple[Cell, ...]:
    return (
        party_in_words(hold.party).spoken(language),
        "" if hold.step is None else hold.step.name or hold.step.id,
        Span(moment_in_words(hold.started_at), _end(hold.ended_at, language)),
        *(
            Amount(minutes=minutes, language=language)
            for minutes in (hold.working_minutes, hold.allotted_minutes, hold.overrun_minutes)
        ),
        _bar(hold, longest),
    )


def _bar(hold: Hold, longest: int) -> Text:
    """At least one cell for a hold with working time; the overrun in its proportion."""
    if hold.working_minutes <= 0 or longest <= 0:
        return Text("")
    cells = max(1, round(BAR_CELLS * hold.working_minutes / longest))
    if hold.paused:
        return Text("░" * cells, style="dim")
    over = round(cells * min(1.0, (hold.overrun_minutes or 0) / hold.working_minutes))
    return Text("█" * (cells - over), style="green") + Text("▓" * over, style="red")


def _shares(timeline: CaseTimeline, language: Language) -> Listing:
    return Listing(
        columns=(
            TableColumn(_word("bearer", language)),
            TableColumn(_word("share", language), right=True),
            *(TableColumn(_word(name, language)) for name in ("rule", "events")),
        ),
        rows=[
            (
                party_in_words(share.party).spoken(language),
                Amount(minutes=share.minutes, language=language),
                rule_in_words(share.rule).spoken(language),
                ", ".join(share.event_ids),
            )
            for share in timeline.attributions
        ],
    )


def _moment(instant: Instant | None, language: Language) -> str:
    return _word("none", language) if instant is None else moment_in_words(instant)


def _end(instant: Instant | None, language: Language) -> str:
    return _word("open", language) if instant is None else moment_in_words(instant)


def _amount(minutes: int | None, language: Language) -> str:
    return _word("none", language) if minutes is None else in_words(minutes, language)


def _word(name: str, language: Language) -> str:
    return _HEADINGS[name].spoken(language)
