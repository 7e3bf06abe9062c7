"""The figures that pages show with a list behind each: a figure counts by the very conditions that its list is found by."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.overdue import COUNT_OF_CLASS, OVERDUE_CLASSES, by_rule
from tiendo_domain.timeline_types import CaseClass

_OVERDUE: Final = tuple(COUNT_OF_CLASS[overdue] for overdue in OVERDUE_CLASSES)
_OVERDUE_BY_RULE: Final = tuple(map(by_rule, _OVERDUE))


class Figure(StrEnum):
    """A count over a period, as an address names it."""

    RESOLVED = "resolved"
    RESOLVED_OVERDUE = "resolved-overdue"
    ACTUAL = "actual"
    LATE_ENTRY = "late-entry"
    UNPROVEN = "unproven"
    RESOLVED_OVERDUE_BY_RULE = "resolved-overdue-by-rule"
    ACTUAL_BY_RULE = "actual-by-rule"
    LATE_ENTRY_BY_RULE = "late-entry-by-rule"
    UNPROVEN_BY_RULE = "unproven-by-rule"
    LATE_SYNC = "late-sync"
    OPEN = "open"
    OPEN_OVERDUE = "open-overdue"
    OVERDUE = "overdue"


COUNTED: Final[Mapping[Figure, tuple[str, ...]]] = {
    Figure.RESOLVED: ("resolved",),
    Figure.RESOLVED_OVERDUE: _OVERDUE,
    Figure.ACTUAL: (COUNT_OF_CLASS[CaseClass.ACTUAL],),
    Figure.LATE_ENTRY: (COUNT_OF_CLASS[CaseClass.LATE_ENTRY],),
    Figure.UNPROVEN: (COUNT_OF_CLASS[CaseClass.UNPROVEN],),
    Figure.RESOLVED_OVERDUE_BY_RULE: _OVERDUE_BY_RULE,
    Figure.ACTUAL_BY_RULE: (by_rule(COUNT_OF_CLASS[CaseClass.ACTUAL]),),
    Figure.LATE_ENTRY_BY_RULE: (by_rule(COUNT_OF_CLASS[CaseClass.LATE_ENTRY]),),
    Figure.UNPROVEN_BY_RULE: (by_rule(COUNT_OF_CLASS[CaseClass.UNPROVEN]),),
    Figure.LATE_SYNC: (COUNT_OF_CLASS[CaseClass.LATE_SYNC],),
    Figure.OPEN: ("open",),
    Figure.OPEN_OVERDUE: ("open_overdue",),
    Figure.OVERDUE: (*_OVERDUE, "open_overdue"),
}
"""Figure -> names of counts (`tiendo_read_models.queries.counts`), of which one at least counts the case."""

FIGURE_WORDS: Final[Mapping[Figure, Words]] = {
    Figure.RESOLVED: Words(en="resolved", vi="đã giải quyết"),
    Figure.RESOLVED_OVERDUE: Words(en="resolved, overdue", vi="đã giải quyết quá hạn"),
    Figure.ACTUAL: Words(en="actually late", vi="quá hạn thực tế"),
    Figure.LATE_ENTRY: Words(en="late entry", vi="quá hạn do quên thao tác"),
    Figure.UNPROVEN: Words(en="unproven late entry", vi="quá hạn, chưa có minh chứng quên thao tác"),
    Figure.RESOLVED_OVERDUE_BY_RULE: Words(
        en="resolved, overdue by rule", vi="đã giải quyết, quá hạn theo quy tắc (trước quyết định)"
    ),
    Figure.ACTUAL_BY_RULE: Words(en="actually late by rule", vi="quá hạn thực tế theo quy tắc (trước quyết định)"),
    Figure.LATE_ENTRY_BY_RULE: Words(
        en="late entry by rule", vi="quá hạn do quên thao tác theo quy tắc (trước quyết định)"
    ),
    Figure.UNPROVEN_BY_RULE: Words(
        en="unproven late entry by rule", vi="chưa có minh chứng quên thao tác theo quy tắc (trước quyết định)"
    ),
    Figure.LATE_SYNC: Words(en="synchronised late", vi="đồng bộ chậm (không tính quá hạn)"),
    Figure.OPEN: Words(en="open", vi="đang giải quyết"),
    Figure.OPEN_OVERDUE: Words(en="open, overdue", vi="đang giải quyết, đã quá hạn"),
    Figure.OVERDUE: Words(en="overdue, resolved or open", vi="quá hạn, đã hoặc đang giải quyết"),
}
