"""The content of a list made from what was collected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from tiendo_contracts.texts.canonical_json import digest
from tiendo_domain.monthly_list.frozen import FrozenCase
from tiendo_domain.monthly_list.joined_officers import JoinedOfficers
from tiendo_domain.monthly_list.listed_content import Content, differences, parts_of, withheld_counts
from tiendo_domain.monthly_list.listing import monthly_rows, with_withheld
from tiendo_domain.monthly_list.public_view import public_differences
from tiendo_domain.overdue import resolved_overdue, resolved_overdue_by_rule
from tiendo_event_store.monthly_lists.appending import NewContent
from tiendo_query.questions.periods import shown

FIGURES: Final = (
    "resolved",
    "actual",
    "actual_by_rule",
    "late_entry",
    "late_entry_by_rule",
    "unproven",
    "unproven_by_rule",
    "pause_not_respected",
    "late_sync",
    "open",
    "open_overdue",
    "declined",
    "withdrawn",
    "recorded_later",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What is known when a list is approved: what was decided until then, up to when an explanation withholds, and from how many minutes on is named."""

    decided_until: datetime
    window_ends_at: datetime


def figures_of(counts: Mapping[str, int]) -> dict[str, int]:
    """The unit's figures, as reports count them."""
    return {
        **{name: counts[name] for name in FIGURES},
        "resolved_overdue": resolved_overdue(counts),
        "resolved_overdue_by_rule": resolved_overdue_by_rule(counts),
    }


def frozen_content(
    heading: Mapping[str, Any],
    cases: Sequence[FrozenCase],
    figures: Mapping[str, int],
    *,
    zone: ZoneInfo,
    approval: Approval | None,
    joined: JoinedOfficers | None = None,
) -> NewContent:
    """A content over the cases; before its approval nobody is withheld. `heading` has what does not come of the cases.

    `joined`: which officers turned out to be one since the cases were frozen.
    """
    rows = monthly_rows(cases, window_ends_at=None if approval is None else approval.window_ends_at)
    if approval is not None:
        least: int = heading["least_minutes"]
        rows = with_withheld(rows, least) if joined is None else with_withheld(rows, least, joined.person_of)
    content = {
        "differences": [],
        "public_differences": [],
        **heading,
        "decided_until": None if approval is None else shown(approval.decided_until, zone),
        "window_ended_at": None if approval is None else shown(approval.window_ends_at, zone),
        "figures": dict(figures),
        **parts_of(rows),
        "withheld": withheld_counts(rows),
        "cases_digest": sha256(msgspec.json.encode(cases)).hexdigest(),
    }
    return NewContent(content=content, cases=cases)


def with_differences(new: NewContent, before: Content, *, published: bool = False) -> NewContent:
    """The new content with what it says otherwise than an earlier one; `published`: the public saw that one, and is told too."""
    told = public_differences(before, new.content) if published else []
    content = {**new.content, "differences": differences(before, new.content), "public_differences": told}
    return NewContent(content=content, cases=new.cases)


def digest_of(content: Content) -> bytes:
    """The digest of a content."""
    return digest(content)
