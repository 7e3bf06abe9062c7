"""What a sender may not send of one dossier is refused of it, and leaves nothing behind."""

import json
from functools import partial
from typing import Any

from tests.sources.national.national_records import CODE, NOW, SOURCE, Channel, Record, dossier, row

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.rules import RuleBook
from tiendo_sources.national.arrival import Arrival
from tiendo_sources.national.directory import NameDirectory
from tiendo_sources.national.dossier import DossierMessage
from tiendo_sources.national.known_dossier import Judge
from tiendo_sources.national.progress import ProgressRow
from tiendo_sources.national.translation import Translated, read_record, translate

OTHER = "H34-khác"


def translated(records: list[Record], known: list[dict[str, Any]], judge: Judge) -> Translated:
    read = [read_record(*record) for record in records]
    arrival = Arrival(
        source=SOURCE,
        unit=None,
        received_at=NOW,
        sent_at=None,
        history_until=None,
        directory=NameDirectory(RuleBook()),
    )
    return translate([one for one in read if isinstance(one, DossierMessage | ProgressRow)], known, arrival, judge)


def without(event: AcceptedEvent, refused: str) -> AcceptedEvent:
    """As a key that may send nothing in which the text stands."""
    if refused in event.text:
        raise Refusal(ProblemKind.NOT_ENTITLED)
    return event


def test_a_record_that_is_refused_in_the_middle_leaves_nothing_behind() -> None:
    refused = dossier(NgayNopHoSo="20220814080000", NgayHenTra="20220905170000")
    told = translated([refused, dossier(), dossier()], [], partial(without, refused="2022-09-05"))
    assert [isinstance(one, Refusal) or one for one in told.taken] == [True, True, False]
    assert isinstance(told.taken[0], Refusal)
    assert [event.id for event in told.events] == [f"{CODE}:received:20220815080500"]


def test_what_rows_of_a_code_that_the_sender_may_not_send_turn_out_to_say_refuses_the_dossier_alone() -> None:
    channel = Channel()
    channel.take(row("20220902160030", 9, MaHoSo=OTHER))
    finished = dossier(MaHoSoKhac=OTHER, NgayKetThucXuLy="20220902160000")
    told = translated(
        [finished], channel.events, partial(without, refused=json.dumps(OTHER, ensure_ascii=False) + ',"time"')
    )
    assert [isinstance(one, Refusal) for one in told.taken] == [True]
    assert told.events == ()
