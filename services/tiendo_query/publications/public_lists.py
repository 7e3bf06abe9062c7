"""Lists as anybody reads them under /cong-khai, with no key: names, positions, units and figures of what is published, for twelve months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import asyncpg

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.monthly_list.numbers import ListNumber
from tiendo_domain.monthly_list.public_view import public_view
from tiendo_domain.monthly_list.workflow import ListState, StepKind
from tiendo_domain.months import Month
from tiendo_event_store.driver import driver_of
from tiendo_event_store.monthly_lists.list_steps import MonthlyList, all_lists, lists_of_unit
from tiendo_event_store.monthly_lists.stored_contents import read_content, unit_names
from tiendo_query.publications.list_answers import proofs_of
from tiendo_query.query_side import QuerySide

NAMED_MONTHS: Final = 12
"""For so long the names of a list are shown."""
HEADERS: Final = {"X-Robots-Tag": "noindex", "Cache-Control": "no-cache"}
_SHOWN_BY: Final = (StepKind.PUBLISHED, StepKind.CORRECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVersion:
    """A version of a list as it stands in the table of all; its instants are those of the local clock, by which days are told."""

    number: str
    unit: str | None
    month: Month
    version: int
    published_at: datetime
    corrects: str | None
    withdrawn_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicList:
    """One version as the public sees it: `view` is what `public_digest` is the digest of, while names are shown."""

    version: PublishedVersion
    versions: Sequence[PublishedVersion]
    view: Mapping[str, Any]
    public_digest: str
    digest: str
    signed: Mapping[str, Any]
    position: int
    proofs: Sequence[Mapping[str, Any]]

    @property
    def plain(self) -> dict[str, Any]:
        """The list as JSON."""
        signer = self.signed.get("approved_by") or {}
        return {
            "number": self.version.number,
            "published_at": self.version.published_at.astimezone(UTC).isoformat(),
            "versions": [one.number for one in self.versions],
            "approved_by": {name: signer.get(name) for name in ("name", "position")},
            "document": self.signed.get("document"),
            "legal_basis": self.signed.get("legal_basis"),
            "reason": self.signed.get("reason"),
            "digest": self.digest,
            "public_digest": self.public_digest,
            "list": self.view,
            "proofs": self.proofs,
        }


async def published_lists(side: QuerySide) -> list[PublishedVersion]:
    """All versions that were published, the newest first; of withdrawn ones number, date and reason stay."""
    async with side.snapshot() as snapshot:
        driver = await driver_of(snapshot.reader.connection)
        found = await _versions(driver, await all_lists(driver), snapshot.zone)
    return sorted(found, key=lambda one: one.published_at, reverse=True)


async def public_list(side: QuerySide, number: ListNumber) -> PublicList:
    """The version that the number names, the newest where it names none. Raises the refusal of one that is not there, or was withdrawn (410)."""
    async with side.snapshot() as snapshot:
        driver = await driver_of(snapshot.reader.connection)
        lists = await lists_of_unit(driver, number.unit_id, number.month)
        one, version = _named(lists, number)
        content = await read_content(driver, one.content_digest(version))
        versions = await _versions(driver, [one], snapshot.zone)
    if content is None:
        raise _unknown()
    mine = next(each for each in versions if each.version == version)
    if mine.withdrawn_at is not None:
        values = {"number": mine.number, "on": f"{mine.withdrawn_at:%d/%m/%Y}", "reason": mine.reason}
        raise Refusal(ProblemKind.PUBLICATION_WITHDRAWN, values=values, headers=HEADERS)
    step = one.last(*_SHOWN_BY, version=version)
    assert step is not None  # noqa: S101 - a version with a number was published
    approved = one.last(StepKind.APPROVED)
    signed = {**({} if approved is None else approved.said), **step.said}
    proofs = await proofs_of(one, side.log, side.proofs)
    return PublicList(
        version=mine,
        versions=versions,
        view=public_view(content, named=_is_named(one, side.now())),
        public_digest=step.said["public_digest"],
        digest=step.digest.hex(),
        signed=signed,
        position=content["known_position"],
        proofs=[_public_proof(proof) for proof in proofs if proof["event"]["data"]["version"] == version],
    )


def _named(lists: Sequence[MonthlyList], number: ListNumber) -> tuple[MonthlyList, int]:
    """The list and the version that the number names. Raises the refusal."""
    found = [(one, version) for one in lists for version in one.published_versions]
    if number.version is not None:
        found = [(one, version) for one, version in found if version == number.version]
    standing = [(one, version) for one, version in found if one.state is not ListState.WITHDRAWN]
    if not found:
        raise _unknown()
    return max(standing or found, key=lambda pair: pair[1])


def _unknown() -> Refusal:
    return Refusal(ProblemKind.PUBLICATION_UNKNOWN, headers=HEADERS)


async def _versions(driver: asyncpg.Connection, lists: Sequence[MonthlyList], zone: ZoneInfo) -> list[PublishedVersion]:
    digests = {(one.id, version): one.content_digest(version) for one in lists for version in one.published_versions}
    names = await unit_names(driver, [*digests.values()])
    return [
        version_of(one, version, names[digest], zone)
        for one in lists
        for version in one.published_versions
        if (digest := digests[one.id, version]) in names
    ]


def version_of(one: MonthlyList, version: int, unit: str | None, zone: ZoneInfo) -> PublishedVersion:
    """A published version of a list, as it stands in the table of all; days are those of `zone`."""
    withdrawn = one.last(StepKind.WITHDRAWN)
    step = one.last(*_SHOWN_BY, version=version)
    assert step is not None  # noqa: S101 - a version with a number was published
    return PublishedVersion(
        number=str(one.number(version)),
        unit=unit,
        month=one.month,
        version=version,
        published_at=step.ingested_at.astimezone(zone),
        corrects=step.said.get("reason"),
        withdrawn_at=None if withdrawn is None else withdrawn.ingested_at.astimezone(zone),
        reason=None if withdrawn is None else withdrawn.said["reason"],
    )


def _is_named(one: MonthlyList, now: datetime) -> bool:
    """Whether the names of the list are still shown, counted from its first publication."""
    first = one.last(StepKind.PUBLISHED)
    if first is None:
        return False
    month = Month.of(first.ingested_at.date()).after(NAMED_MONTHS)
    day = min(first.ingested_at.day, month.end.day)
    return now < first.ingested_at.replace(year=month.year, month=month.month, day=day)


def _public_proof(proof: Mapping[str, Any]) -> dict[str, Any]:
    """The proof of a fact; of one that names who signed, by an id, the fact itself is not shown."""
    is_open = proof["event"]["type"].endswith(".published.v1")
    hidden = {} if is_open else {"event": None, "salt": None}
    return {**proof, **hidden}
