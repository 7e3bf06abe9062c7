"""The quality of a period's figures as an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tiendo_contracts.answers.common import Named
from tiendo_contracts.answers.quality import (
    ClickingBurst,
    IdsOfName,
    NamesOfOfficer,
    QualityAnswer,
    QualityCount,
    QualityDefinition,
    QualityOfMonth,
    QualityOfOfficer,
    QualityOfSource,
    QualityOfUnit,
    QualityReason,
    QualityRow,
    SourceSilence,
)
from tiendo_contracts.problems.problem_documents import Language
from tiendo_contracts.quality_words import quality_definition, quality_title
from tiendo_domain.quality import QUALITY_KINDS, Burst, OtherKind, QualityKind, QualityVerdict, verdict_on
from tiendo_query.answering.named_answers import named_from
from tiendo_query.quality.quality_figures import GroupQuality, OfficerQuality, PeriodQuality, group_order
from tiendo_query.quality.quality_marks import period_query
from tiendo_query.quality.quality_sums import began_at, ended_at
from tiendo_query.questions.periods import AskedPeriod, shown
from tiendo_read_models.queries.officers import NOBODY, OfficerNames
from tiendo_read_models.queries.quality import OfGroup
from tiendo_read_models.queries.units import UnitTree

MOST_DOUBTFUL_MAX: Final = 20
_CASES: Final = "/v1/cases"
_KINDS: Final[Mapping[str, QualityKind]] = {str(kind): kind for kind in QUALITY_KINDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityInWords:
    """What answers are made with: the period, the unit whose subtree is meant, how units are called, zone and language.

    `cases` is the address of the list of cases, `days` the parameters that ask it for the period (None: its instants).
    """

    period: AskedPeriod
    unit: str | None
    tree: UnitTree
    zone: ZoneInfo
    language: Language
    cases: str = _CASES
    days: Mapping[str, str] | None = None

    def listed(self, **asked: str | None) -> str:
        """The address of the list of cases of the period that are asked for."""
        of_period = period_query(self.period) if self.days is None else dict(self.days)
        query = of_period | ({} if self.unit is None else {"unit": self.unit})
        return f"{self.cases}?{urlencode(query | {name: value for name, value in asked.items() if value is not None})}"

    def named_unit(self, unit_id: str | None, name: str | None) -> Named | None:
        """The unit, by the name that the tree has."""
        known = None if unit_id is None else self.tree.nodes.get(unit_id)
        return named_from(unit_id, (None if known is None else known.name) or name)

    def reasons(self, verdict: QualityVerdict, minutes: int, doubts: Mapping[str, int]) -> list[QualityReason]:
        """What a verdict that is not good rests on, most minutes first."""
        if verdict is QualityVerdict.GOOD:
            return []
        return [
            QualityReason(
                kind=_KINDS[kind],
                title=quality_title(_KINDS[kind]).spoken(self.language),
                minutes=number,
                share=number / minutes,
            )
            for kind, number in sorted(doubts.items(), key=lambda one: (-one[1], one[0]))
        ]

    def figures(self, group: GroupQuality, links: Mapping[str, str | None] | None) -> dict[str, Any]:
        """The members of `QualityFigures`; `links` are the parameters that ask for the group's cases, None where no address does."""

        def listed(**asked: str | None) -> str | None:
            return None if links is None else self.listed(**{**links, **asked})

        return {
            "verdict": group.verdict,
            "reasons": self.reasons(group.verdict, group.minutes, group.doubts),
            "cases": group.cases,
            "finished": group.finished,
            "attributed_minutes": group.minutes,
            "doubtful_minutes": group.doubtful,
            "doubtful_share": group.doubtful / group.minutes if group.minutes else None,
            "href": listed(doubtful="true") if group.doubtful else None,
            "anomalies": [
                QualityCount(
                    kind=_KINDS[kind],
                    cases=group.occurring_as(kind).cases,
                    minutes=group.doubts[kind],
                    examples=list(group.occurring_as(kind).examples),
                    href=listed(quality=kind),
                    minutes_href=listed(quality=kind, doubtful="true") if group.doubts[kind] else None,
                )
                for kind in group.kinds
            ],
        }

    def row(self, group: OfGroup, quality: GroupQuality) -> QualityRow:
        """The row of a source, unit and month."""
        links: dict[str, str | None] = {"source": group.source, "responsible": group.unit_id, **_of_month(group.month)}
        return QualityRow(
            source=group.source,
            unit=self.named_unit(group.unit_id, group.unit_name),
            month=group.month,
            **self.figures(quality, links if group.unit_id is not None else None),
        )


def _of_month(month: str | None) -> dict[str, str | None]:
    return {"open": "true"} if month is None else {"month": month}


def quality_parts(found: PeriodQuality, words: QualityInWords, names: Mapping[str, OfficerNames]) -> dict[str, Any]:
    """The members of `QualityAnswer` that are not about the page; `names` are those of officers, by key."""
    total = found.total()
    return {
        **words.figures(total, {}),
        "sources": [
            QualityOfSource(source=str(source), **words.figures(of, {"source": str(source)}))
            for source, of in found.by("source").items()
        ],
        "units": [_unit(unit, of, words) for unit, of in found.by("unit").items()],
        "months": [
            QualityOfMonth(
                month=None if month is None else str(month),
                **words.figures(of, _of_month(None if month is None else str(month))),
            )
            for month, of in found.by("month").items()
        ],
        "bursts": _bursts(found, words, names),
        "silences": _silences(found, words),
        "several_names": [NamesOfOfficer(officer_id=one, names=list(them)) for one, them in found.several.items()],
        "shared_names": [
            IdsOfName(unit=unit, name=name, officer_ids=list(ids)) for (unit, name), ids in found.shared.items()
        ],
        "most_doubtful_officers": [
            _officer(key, of, words, names.get(key, NOBODY)) for key, of in most_doubtful(found)
        ],
    }


def most_doubtful(found: PeriodQuality) -> list[tuple[str, OfficerQuality]]:
    """The officers with most doubtful minutes, by key."""
    doubtful = [(key, of) for key, of in found.officers.items() if of.doubtful]
    return sorted(doubtful, key=lambda one: (-one[1].doubtful, one[0]))[:MOST_DOUBTFUL_MAX]


def named_keys(found: PeriodQuality) -> list[str]:
    """The keys of the officers whose names the answer shows."""
    return sorted({*(key for key, _ in most_doubtful(found)), *(burst.officer for burst in found.bursts)})


def quality_answer(
    parts: Mapping[str, Any],
    page: list[QualityRow],
    following: str | None,
    words: QualityInWords,
    header: Mapping[str, Any],
) -> QualityAnswer:
    """The whole answer; `header` has the members of `Marked` and the version's name."""
    return QualityAnswer.model_validate(
        {
            **parts,
            **header,
            "from": words.period.from_text,
            "to": words.period.to_text,
            "as_of": words.period.as_of_text,
            "unit": words.unit,
            "definitions": [
                QualityDefinition(
                    kind=kind,
                    title=quality_title(kind).spoken(words.language),
                    definition=quality_definition(kind).spoken(words.language),
                )
                for kind in QUALITY_KINDS
            ],
            "items": page,
            "next": following,
        }
    )


def rows_after(found: PeriodQuality, after: tuple[str | int, ...] | None) -> list[OfGroup]:
    """The groups behind the place, in their order."""
    return [group for group in sorted(found.groups, key=group_order) if after is None or group_order(group) > after]


def _unit(unit: object, of: GroupQuality, words: QualityInWords) -> QualityOfUnit:
    unit_id, name = unit if isinstance(unit, tuple) else (None, None)
    links = None if unit_id is None else {"responsible": unit_id}
    return QualityOfUnit(unit=words.named_unit(unit_id, name), **words.figures(of, links))


def _officer(key: str, of: OfficerQuality, words: QualityInWords, names: OfficerNames) -> QualityOfOfficer:
    verdict = verdict_on(of.minutes, of.doubtful)
    return QualityOfOfficer(
        key=key,
        id=names.id,
        name=names.name,
        unit=words.named_unit(names.unit_id, names.unit_name),
        verdict=verdict,
        attributed_minutes=of.minutes,
        doubtful_minutes=of.doubtful,
        doubtful_share=of.doubtful / of.minutes,
        reasons=words.reasons(verdict, of.minutes, of.doubts),
        href=None if names.id is None else words.listed(doubtful="true", officer=names.id),
    )


def _bursts(found: PeriodQuality, words: QualityInWords, names: Mapping[str, OfficerNames]) -> list[ClickingBurst]:
    return [_burst(burst, cases, words, names.get(burst.officer, NOBODY)) for burst, cases in found.bursts.items()]


def _burst(burst: Burst, cases: int, words: QualityInWords, names: OfficerNames) -> ClickingBurst:
    began = shown(began_at(burst), words.zone)
    return ClickingBurst(
        officer_key=burst.officer,
        officer=named_from(names.id, names.name),
        began_at=began,
        ended_at=shown(ended_at(burst), words.zone),
        cases=cases,
        href=None
        if names.id is None
        else words.listed(quality=OtherKind.BURST_CLICKING, officer=names.id, began_at=began),
    )


def _silences(found: PeriodQuality, words: QualityInWords) -> list[SourceSilence]:
    return [
        SourceSilence(
            source=source,
            last_at=shown(silence.last_at, words.zone),
            next_at=None if silence.next_at is None else shown(silence.next_at, words.zone),
            working_minutes=silence.working_minutes,
            cases=cases,
            href=words.listed(quality=OtherKind.SYNC_GAP, source=source, began_at=shown(silence.last_at, words.zone)),
        )
        for (source, silence), cases in found.silences.items()
    ]
