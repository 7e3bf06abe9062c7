"""Dossiers whose history is known: each a list of changes, which a gateway shows one after the other, and who truly had the case when."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.poller.fake_igate import START, FakeGateway, Json, written

ROOMS = [{"id": f"g{number}", "code": f"H34.20.{number}", "name": f"Phòng {number}"} for number in range(1, 4)]
IN_PROCESS, SUPPLEMENT, COMPLETED, DELIVERED = 2, 3, 4, 5

Held = tuple[str, datetime, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What members of a dossier become at an instant."""

    at: datetime
    dossier_id: str
    members: Json


@dataclass(slots=True)
class Course:
    """One dossier: its changes by time, and who had the case from when to when."""

    number: int
    rng: Random
    at: datetime
    changes: list[Change] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    tasks: list[Json] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"d{self.number}"

    @property
    def case_id(self) -> str:
        return f"H34-{self.id}"

    def go_on(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    def has(self, party: str) -> None:
        """From now on the party has the case; nobody if empty."""
        if self.held and self.held[-1][2] is None:
            self.held[-1] = (*self.held[-1][:2], self.at)
        if party:
            self.held.append((party, self.at, None))

    def change(self, **members: Any) -> None:
        tasks = [dict(task) for task in self.tasks]
        said = {**members, "task": tasks, "currentTask": [task for task in tasks if task["isCurrent"]]}
        self.changes.append(Change(at=self.at, dossier_id=self.id, members=said))


def course(number: int, seed: int, *, pauses: bool) -> Course:
    """A dossier with one to four steps, some from a queue, some given to an officer, perhaps with a pause."""
    rng = Random(f"{seed}/{number}")
    made = Course(number, rng, START + timedelta(minutes=rng.randrange(120)))
    steps = rng.randint(1, 4)
    pause_in = rng.randrange(8) if pauses else steps
    first: Json = {
        "agency": {"code": "H34.20", "name": "Chi nhánh"},
        "procedure": {"code": "1.004227", "translate": {"name": "Đăng ký"}, "sector": {"code": "dat-dai"}},
        "acceptedDate": written(made.at),
        "appointmentDate": written(made.at + timedelta(days=2)),
        "applicant": {"data": {"fullname": "Người Nộp"}},
    }
    for step in range(steps):
        _step(made, step, first if step == 0 else {})
        if step == pause_in:
            _pause(made)
        made.go_on(rng.randint(5, 60))
        made.tasks[-1] |= {"isCurrent": 0, "updatedDate": written(made.at)}
    made.change(dossierStatus={"id": COMPLETED})
    made.has("")
    made.go_on(rng.randint(5, 60))
    made.change(dossierStatus={"id": DELIVERED})
    return made


def _step(made: Course, step: int, more: Json) -> None:
    """A task begins, in a queue or in an officer's hands; from a queue it is claimed later."""
    rng, room = made.rng, made.rng.choice(ROOMS)
    name = f"O{rng.randrange(6)}"
    officer = {"id": name, "fullname": f"Nguyễn {name}"}
    given = rng.random() < 0.4
    task = {
        "id": f"{made.id}-t{step}",
        "assignee": officer if given else None,
        "candidateGroup": [] if given else [room],
        "agency": room,
        "isCurrent": 1,
        "createdDate": written(made.at),
        "updatedDate": written(made.at),
        "bpmProcessDefinitionTask": {
            "id": f"s{step}",
            "name": f"Bước {step}",
            "processingTime": 1,
            "processingTimeUnit": "d",
        },
    }
    made.tasks.append(task)
    made.has(name if given else room["code"])
    made.change(dossierStatus={"id": IN_PROCESS, "name": "Đang xử lý"}, **more)
    if not given:
        made.go_on(rng.randint(1, 40))
        task |= {"assignee": officer, "updatedDate": written(made.at)}
        made.has(name)
        made.change()


def _pause(made: Course) -> None:
    made.go_on(made.rng.randint(1, 30))
    party = made.held[-1][0]
    made.has("applicant")
    made.change(dossierStatus={"id": SUPPLEMENT})
    made.go_on(made.rng.randint(1, 90))
    made.has(party)
    made.change(dossierStatus={"id": IN_PROCESS})


def history(count: int, seed: int = 1, *, pauses: bool = True) -> list[Course]:
    """So many dossiers, the same for the same seed."""
    return [course(number, seed, pauses=pauses) for number in range(count)]


def changes_of(courses: list[Course]) -> list[Change]:
    """All changes in the order of time."""
    return sorted((change for each in courses for change in each.changes), key=lambda change: change.at)


def play(gateway: FakeGateway, change: Change) -> None:
    """The gateway's clock reaches the change, and it is made."""
    gateway.clock = change.at
    gateway.put(change.dossier_id, **change.members)
