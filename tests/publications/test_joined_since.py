"""Codes and officers that were joined after a list was frozen: what is explained and decided of them counts, and no frozen minute changes."""

from tests.domain.cases import Plain
from tests.domain.decided_cases import FROM_ANH, LATE, TO_OFFICE, decided, filed, move
from tests.publications.publishing import APPROVAL, Desk, about, rows_of
from tests.query.test_decisions import texts

from tiendo_cli.applying_rules import apply_rules

FILED = filed("08-20 08:00", "x")
BY_NEW_ID = filed("08-20 08:00", "x", officer={"id": "A-new"})


def of(number: int, code: str, *events: Plain) -> list[str]:
    """The events of a case whose officers are A and B with the number behind."""
    told = texts(code, *events)
    for name in ("A-new", "A", "B"):
        told = [text.replace(f'"id": "{name}"', f'"id": "{name}{number}"') for text in told]
    return told


def same(officer_id: str, to: str) -> str:
    return f'[[officer]]\nid = "{officer_id}"\nsame_as = "{to}"\n'


async def test_what_is_explained_and_decided_of_a_case_counts_under_codes_and_ids_joined_after_the_freeze(
    desk: Desk,
) -> None:
    """Each case has officers of its own; nothing but what is explained and decided changes any of them."""
    numbers = range(1, 8)
    await desk.service.tell(text for number in numbers for text in of(number, f"k{number}", *LATE))
    await desk.service.tell(of(7, "k8", *LATE))
    explained = [*of(1, "z1", FILED), *of(2, "z2", FILED), *of(6, "k6", FILED), *of(3, "z3", FILED)]
    await desk.service.tell([*explained, *of(4, "k4", BY_NEW_ID), *of(5, "k5", BY_NEW_ID)])
    draft = await desk.draft("T")
    assert {row["officer"]["id"] for row in draft["officers"] if row["explanation_pending"]} == {"A6"}
    await desk.step(draft["id"], "open")
    await apply_rules(desk.service.engine, same("A-new4", "A4") + same("A5", "A-new5") + same("B6", "A6"))
    joins = [about(code, f"{code}-join", "joined", {"alias": alias}) for code, alias in JOINED.items()]
    annulled = {"annuls": {"source": "/kontum/igate", "id": "k3-join"}, "reason": "Nhập sai"}
    by_new_id = decided("09-05 08:00", "d", move(10, source=FROM_ANH | {"id": "A-new"}))
    decisions = [
        *of(2, "z2", decided("09-05 08:00", "d", move(10, TO_OFFICE), of="x")),
        *of(5, "k5", by_new_id),
        *of(7, "k8", decided("09-05 08:00", "d", move(10))),
    ]
    await desk.service.tell([*joins, about("k3", "gone", "corrected", annulled), *decisions])
    approved = await desk.step(draft["id"], "approve", APPROVAL)
    assert rows_of(approved["officers"], "withheld", "attributed_minutes") == {
        **{f"B{number}": (None, 40) for number in (1, 2, 3, 4, 5)},
        "A1": ("undecided", 30),  # under a code that was joined since
        "A2": (None, 20),  # decided under such a code
        "A3": (None, 30),  # the join was annulled
        "A4": ("undecided", 30),  # under an id that was joined to theirs since
        "A5": ("undecided", 20),  # under the id that theirs was joined to; a decision without that explanation counts
        "A6": ("undecided", 30),
        "B6": ("undecided", 40),  # one person with A6 by now
        "A7": (None, 50),  # two frozen cases are one by now: decided in one of them alone
        "B7": (None, 80),
    }


JOINED = {"k1": "z1", "z2": "k2", "k3": "z3", "k7": "k8"}
