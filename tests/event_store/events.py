"""Small events of cases for the tests of the log."""

import json
from zlib import crc32

from tiendo_contracts.events.case_events import AcceptedEvent, accept_text

SOURCE = "/kontum/test"
_CASES = 40


def event(
    event_id: str, *, content: str = "Nguyễn Thị Ánh", case_id: str | None = None, source: str = SOURCE
) -> AcceptedEvent:
    """An accepted event; `content` tells events of the same id apart. Without a case it gets one that follows from its id."""
    document = {
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": "vn.tiendo.case.claimed.v1",
        "subject": case_id or f"H34-{crc32(event_id.encode()) % _CASES}",
        "time": "2022-08-15T08:05:00+07:00",
        "data": {"actor": {"id": "CC-0001", "name": content}},
    }
    return accept_text(json.dumps(document, ensure_ascii=False))


def content_of(event_id: str, text: str) -> str:
    """The `content` that `event` was given for a stored text; the whole text if it is not exactly what `event` makes."""
    content = json.loads(text)["data"].get("actor", {}).get("name", "")
    return content if content and event(event_id, content=content).text == text else text
