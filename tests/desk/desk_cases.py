"""Cases of one office, for the tests of the pages of an officer and of the head: one late, one open and late, one waiting in the queue."""

from functools import partial
from typing import Any

from tests.pages.conftest import event_of

from tiendo_runtime.authentication.people import Role, SignedInPerson

LATE = "H34-LATE-1"
OPEN = "H34-OPEN-1"
QUEUE = "H34-QUEUE-1"
DELIVERED = "H34-DELIVERED-1"
SOURCE = "/kontum/igate"
BRANCH = {"id": "H34.20", "name": "Chi nhánh Kon Tum", "parent": "H34.LAND", "level": "province"}
ROOM = {"id": "H34.20.1", "name": "Phòng Thẩm định", "parent": "H34.20"}
PROCEDURE = {"id": "1.004227", "name": "Đăng ký biến động đất đai"}


def person(number: int, name: str) -> dict[str, Any]:
    """An officer of the room, as events name one."""
    return {"id": f"CC-{number}", "name": name, "position": "Chuyên viên", "unit": ROOM}


ANH, BINH = person(1, "Nguyễn Thị Ánh"), person(2, "Trần Văn Bình")
OFFICER = SignedInPerson(
    subject="binh",
    name="Trần Văn Bình",
    roles=frozenset({Role.OFFICER}),
    units=frozenset({"H34.20.1"}),
    officer_id="CC-2",
)
HEAD = SignedInPerson(
    subject="duc", name="Phạm Văn Đức", roles=frozenset({Role.UNIT_MANAGER}), units=frozenset({"H34.20"})
)
STRANGER = SignedInPerson(
    subject="la", name="Người Lạ", roles=frozenset({Role.OFFICER}), units=frozenset({"H99"}), officer_id="CC-99"
)


def step(name: str, minutes: int) -> dict[str, Any]:
    """A step with its allotment."""
    return {"id": name, "name": name, "allotted_minutes": minutes}


def told() -> list[str]:
    """The events of all of them.

    The late one: Ánh overran Tiếp nhận by 300, Bình Thẩm định by 1,200 of 1,500 minutes; a pause of a day; 960 minutes late: 192 and 768.
    """
    return [*late(), *_open(), *_queue(), *_delivered()]


def _received(due: str, holder: dict[str, Any], at: dict[str, Any]) -> dict[str, Any]:
    return {"unit": BRANCH, "procedure": PROCEDURE, "due_at": f"2022-08-{due}:00+07:00", "holder": holder, "step": at}


def late(case_id: str = LATE) -> list[str]:
    """The events of the late one, under a code."""
    event = partial(event_of, case_id=case_id, source=SOURCE)
    held = {"holder": BINH, "step": step("Thẩm định", 720)}
    return [
        event(1, "received", "15T07:00", _received("17T17:00", ANH, step("Tiếp nhận", 180))),
        event(2, "forwarded", "16T07:00", held),
        event(3, "supplement-requested", "17T07:00", {"reason": "thiếu bản vẽ"}),
        event(4, "supplement-received", "18T07:00", {"holder": BINH}),
        event(5, "completed", "23T07:00", {}),
    ]


def _open() -> list[str]:
    """Its source writes the due by the clock of Greenwich."""
    event = partial(event_of, case_id=OPEN, source=SOURCE)
    received = _received("24T17:00", BINH, step("Thẩm định", 480))
    return [event(1, "received", "22T07:00", {**received, "due_at": "2022-08-24T10:00:00Z"})]


def _queue() -> list[str]:
    event = partial(event_of, case_id=QUEUE, source=SOURCE)
    return [event(1, "received", "22T08:00", _received("26T17:00", {"unit": ROOM}, step("Thẩm định", 480)))]


def _delivered() -> list[str]:
    event = partial(event_of, case_id=DELIVERED, source=SOURCE)
    received = _received("24T17:00", BINH, step("Thẩm định", 480))
    return [event(1, "received", "22T07:00", received), event(2, "result-delivered", "23T07:00", {})]
