"""What the page of difficulties shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tiendo_contracts.answers.difficulties import MissedNorm
from tiendo_contracts.explanation.decided import REASON_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.explanations import Difficulty
from tiendo_query.accountability.difficulties import FoundDifficulties
from tiendo_query.answering.difficulties import missed_norm
from tiendo_query.breakdowns.case_links import CaseLinks
from tiendo_query.breakdowns.reason_groups import GroupedBy, ReasonGroup, grouped
from tiendo_query.pages.paging import Paged, paged
from tiendo_query.pages.showing import Said
from tiendo_query.tables.columns import Wording
from tiendo_read_models.queries.difficulties import WhatBecame

ROWS_MAX: Final = 100
NORMS_SHOWN: Final = 50

GROUPING_WORDS: Final = {
    GroupedBy.UNIT: Words(vi="Đơn vị", en="Unit"),
    GroupedBy.PROCEDURE: Words(vi="Thủ tục", en="Procedure"),
    GroupedBy.STEP: Words(vi="Bước", en="Step"),
    GroupedBy.MONTH: Words(vi="Tháng", en="Month"),
}
_NOT_KNOWN: Final = {
    GroupedBy.UNIT: Words(vi="không rõ đơn vị", en="unit not known"),
    GroupedBy.PROCEDURE: Words(vi="không nêu thủ tục", en="no procedure named"),
    GroupedBy.STEP: Words(vi="không rõ bước", en="step not known"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedExplanations:
    """How many, and the list of their cases; without any it is not linked."""

    count: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """A reason, and of what: `place` is what it is told by, `beside` what is known of that."""

    place: Said
    beside: str
    reason: Words
    explanations: CountedExplanations
    accepted: CountedExplanations
    refused: CountedExplanations
    pending: CountedExplanations
    by_rule_minutes: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultiesView:
    """The page: `of_all` are the reasons over everything, `rows` told by `by`; `norms` those of which the organisation bears a part."""

    start: date
    end: date
    by: GroupedBy
    total: CountedExplanations
    accepted: CountedExplanations
    refused: CountedExplanations
    pending: CountedExplanations
    of_all: Sequence[ReasonRow]
    rows: Paged[ReasonRow]
    norms: Sequence[MissedNorm]
    norm_count: int
    table: str
    report: str

    @property
    def groupings(self) -> Sequence[tuple[GroupedBy, Words]]:
        """By what reasons can be told."""
        return list(GROUPING_WORDS.items())

    @property
    def place_words(self) -> Words:
        """What the rows are told by."""
        return GROUPING_WORDS[self.by]


def difficulties_view(  # noqa: PLR0917 - the pieces of one page
    found: FoundDifficulties,
    links: CaseLinks,
    wording: Wording,
    unit: str | None,
    by: GroupedBy,
    start: date,
    end: date,
    *,
    page: int,
) -> DifficultiesView:
    """The page; raises the refusal of a page that is not there."""
    below = {"explained_below": unit}
    of_all = [_row(one, links, wording, below) for one in grouped(found.reasons, GroupedBy.REASON)]
    rows = [_row(one, links, wording, below) for one in grouped(found.reasons, by)]

    def total(name: str, became: WhatBecame | None) -> CountedExplanations:
        state = None if became is None else became.value
        href = links.asking({"explained": True, **below, "explained_state": state})
        return CountedExplanations(count=sum(one.counts[name] for one in found.reasons), href=href)

    files = CaseLinks.of_program(found.period, unit)
    return DifficultiesView(
        start=start,
        end=end,
        by=by,
        total=total("explanations", None),
        accepted=total("accepted", WhatBecame.ACCEPTED),
        refused=total("refused", WhatBecame.REFUSED),
        pending=total("pending", WhatBecame.PENDING),
        of_all=of_all,
        rows=paged(rows, page, ROWS_MAX),
        norms=[missed_norm(one, links.of_unit(unit)) for one in found.missed[:NORMS_SHOWN]],
        norm_count=len(found.missed),
        table=replace(files, cases="/v1/difficulties").listed(),
        report=replace(files, cases="/v1/difficulties/report").listed(),
    )


def _row(group: ReasonGroup, links: CaseLinks, wording: Wording, below: dict[str, str | None]) -> ReasonRow:
    asked = {**group.cases, **({} if "explained_unit" in group.cases else below)}

    def counted(name: str, became: WhatBecame | None = None) -> CountedExplanations:
        state = None if became is None else became.value
        return CountedExplanations(count=group.counts[name], href=links.asking({**asked, "explained_state": state}))

    place, beside = _place(group, wording)
    return ReasonRow(
        place=place,
        beside=beside,
        reason=REASON_WORDS[Difficulty(group.of.reason)],
        explanations=counted("explanations"),
        accepted=counted("accepted", WhatBecame.ACCEPTED),
        refused=counted("refused", WhatBecame.REFUSED),
        pending=counted("pending", WhatBecame.PENDING),
        by_rule_minutes=group.counts["by_rule_minutes"],
        minutes=group.counts["minutes"],
    )


def _place(group: ReasonGroup, wording: Wording) -> tuple[Said, str]:
    """What the group is called, and what is known beside that."""
    of = group.of
    match group.by:
        case GroupedBy.REASON:
            return "", ""
        case GroupedBy.UNIT:
            known = None if of.unit_id is None else wording.tree.nodes.get(of.unit_id)
            name = (None if known is None else known.name) or of.unit_name or of.unit_id
            return name or _NOT_KNOWN[group.by], (of.unit_id or "") if name != of.unit_id else ""
        case GroupedBy.PROCEDURE:
            return of.procedure_name or of.procedure_id or _NOT_KNOWN[group.by], of.procedure_id or ""
        case GroupedBy.STEP:
            procedure = of.procedure_name or of.procedure_id or ""
            return of.step_name or of.step_id or _NOT_KNOWN[group.by], procedure
        case GroupedBy.MONTH:
            return f"{of.month[5:]}/{of.month[:4]}", ""
