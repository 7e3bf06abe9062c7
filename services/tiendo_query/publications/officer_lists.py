"""The lists that name an officer, as that officer, or whoever sees the list, is told of them."""

from typing import Any

from tiendo_contracts.answers.officers import OfficerPublication
from tiendo_domain.monthly_list.listed_content import PARTS
from tiendo_domain.monthly_list.workflow import ListState, StepKind
from tiendo_event_store.driver import driver_of
from tiendo_event_store.monthly_lists.list_steps import MonthlyList, read_lists
from tiendo_event_store.monthly_lists.stored_contents import NamedRow, rows_of_party
from tiendo_query.query_side import Snapshot


async def lists_naming(snapshot: Snapshot, party_key: str) -> list[OfficerPublication]:
    """What the newest version of each list says of the officer, in the order of the drafts; of a withdrawn one no figures."""
    driver = await driver_of(snapshot.reader.connection)
    rows = await rows_of_party(driver, party_key)
    lists = await read_lists(driver, sorted({row.publication_id for row in rows}))
    return [
        _said(one, row)
        for one in lists.values()
        for row in rows
        if row.publication_id == one.id and row.digest == one.content_digest(one.version)
    ]


def _said(one: MonthlyList, row: NamedRow) -> OfficerPublication:
    opened = one.last(StepKind.OPENED)
    decided = one.last(StepKind.APPROVED, StepKind.CORRECTED)
    number = one.number(one.version)
    gone = one.state is ListState.WITHDRAWN
    said: dict[str, Any] = {
        "id": one.id,
        "number": None if number is None else str(number),
        "version": one.version,
        "state": one.state,
        "unit": one.unit_id,
        "period": str(one.month),
        "window_ends_at": None if opened is None else opened.said["window_ends_at"],
        "decided_until": None if decided is None else decided.said.get("decided_until", decided.said.get("known_at")),
        "part": row.part,
        "withheld": row.row.get("withheld"),
        "figures": {} if gone else {name: row.row[name] for name in PARTS[row.part]},
    }
    return OfficerPublication.model_validate(said)
