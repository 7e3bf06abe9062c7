"""The quality of a period with all that is needed to show it: to programs, on the page, on the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tiendo_contracts.problems.problem_documents import Language
from tiendo_query.answering.quality import QualityInWords, named_keys
from tiendo_query.names.directory_names import DirectoryNames
from tiendo_query.names.known_units import known_subtree, tree_of
from tiendo_query.quality.quality_figures import PeriodQuality, period_quality
from tiendo_query.quality.quality_sums import AskedQuality, quality_sum
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.queries.officers import OfficerNames, latest_names


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenQuality:
    """What was found, the words and names to show it with, and the instant that was now."""

    found: PeriodQuality
    words: QualityInWords
    names: Mapping[str, OfficerNames]
    now: datetime


async def seen_quality(
    side: QuerySide, snapshot: Snapshot, asked: AskedQuality, unit: str | None, language: Language
) -> SeenQuality:
    """The quality of the period, of everything or of the subtree of a unit; raises the refusal of a unit that nothing names."""
    sums = await quality_sum(side, snapshot, asked)
    units = None if unit is None else await known_subtree(snapshot, unit, sums.period.period)
    found = await period_quality(side, snapshot, asked, sums, units)
    reader = snapshot.reader
    period = sums.period.period
    names = await latest_names(reader.connection, reader.build, named_keys(found), period.as_of)
    directory = DirectoryNames.of(snapshot)
    words = QualityInWords(
        period=sums.period,
        unit=unit,
        tree=await tree_of(snapshot, period),
        zone=snapshot.zone,
        language=language,
    )
    shown = {key: directory.officer(one, period) for key, one in names.items()}
    return SeenQuality(found=found, words=words, names=shown, now=sums.now)
