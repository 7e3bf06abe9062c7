"""The example of a case in the descriptions of the interfaces: three events, and what is told of them, folded when it is asked for."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from tiendo_contracts.answers.timelines import timeline_answer
from tiendo_contracts.events.decoding import case_event
from tiendo_contracts.problems.problem_documents import Language
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline

CASE_ID: Final = "000.00.20.H34-220815-0001"
AS_OF: Final = "2022-09-05T08:00:00+07:00"
_RECEPTION: Final = {
    "id": "CC-0001",
    "name": "Nguyễn Thị Ánh",
    "position": "Chuyên viên",
    "unit": {"id": "H34.20.1", "name": "Bộ phận một cửa"},
}
_REGISTRATION: Final = {
    "id": "CC-0002",
    "name": "Trần Văn Bình",
    "position": "Chuyên viên",
    "unit": {"id": "H34.20.2", "name": "Tổ Đăng ký"},
}


def _event(number: int, kind: str, time: str, data: Mapping[str, Any], **attributes: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "/kontum/igate",
        "type": f"vn.tiendo.case.{kind}.v1",
        "subject": CASE_ID,
        "time": time,
        **attributes,
        "datacontenttype": "application/json",
        "data": data,
    }


RECEIVED: Final = _event(
    1,
    "received",
    "2022-08-15T08:05:00+07:00",
    {
        "procedure": {"id": "1.004227", "name": "Đăng ký biến động đất đai"},
        "unit": {"id": "H34.20", "name": "Chi nhánh VPĐKĐĐ thành phố Kon Tum"},
        "field": {"id": "dat-dai", "name": "Đất đai"},
        "channel": "counter",
        "due_at": "2022-08-29T17:00:00+07:00",
        "actor": _RECEPTION,
        "holder": _RECEPTION,
        "step": {"id": "tiep-nhan", "name": "Tiếp nhận", "allotted_minutes": 240},
    },
    recordedat="2022-08-15T08:05:12+07:00",
    sequence="17",
)
FORWARDED: Final = _event(
    2,
    "forwarded",
    "2022-08-15T10:00:00+07:00",
    {"holder": _REGISTRATION, "step": {"id": "tham-dinh", "name": "Thẩm định", "allotted_minutes": 4_320}},
)
COMPLETED: Final = _event(3, "completed", "2022-08-31T09:30:00+07:00", {})
POSITIONS: Final = (17, 18, 20)
"""Where the three events lie in the log."""


def _rules() -> RuleBook:
    """The calendar that applies where nothing is said, defined once."""
    standing = RuleBook()
    return standing.with_definitions(calendar.definition for calendar in standing.calendars.values())


@cache
def timeline_example() -> dict[str, Any]:
    """The timeline of the three events at `AS_OF`, as it is answered."""
    taken = datetime(2022, 9, 1, tzinfo=UTC)
    events = [
        case_event(json.dumps(event), position=position, ingested_at=taken)
        for position, event in zip(POSITIONS, (RECEIVED, FORWARDED, COMPLETED), strict=True)
    ]
    timeline = case_timeline(events, _rules(), as_of=parse_instant(AS_OF))
    answer = timeline_answer(timeline, language=Language.ENGLISH, as_of=AS_OF, known_at=None, simulated=False)
    return answer.model_dump(mode="json", by_alias=True)
