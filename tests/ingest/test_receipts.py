"""The answer counts every event, and lists them in bounded memory."""

from tiendo_contracts.problems.problem_documents import Language, ProblemKind, Refusal
from tiendo_ingest.routes.receipts import (
    LISTED_MAX,
    LISTED_WHOLLY_MAX,
    BatchReceipt,
    Receipt,
    ReceiptTally,
    Refused,
    Stored,
)

REFUSAL = Refusal(ProblemKind.EVENT_NOT_AN_OBJECT)


def accepted(index: int) -> Receipt:
    return Stored(index, f"e-{index}", index + 100, first=True)


def duplicate(index: int) -> Receipt:
    return Stored(index, f"e-{index}", 7, first=False)


def refused(index: int) -> Receipt:
    return Refused(index, None, REFUSAL, index + 1)


def tally(*receipts: Receipt) -> ReceiptTally:
    result = ReceiptTally("r")
    for receipt in receipts:
        result.add([receipt])
    return result


def test_every_event_is_listed_in_its_place() -> None:
    answer = tally(accepted(0), refused(1), duplicate(2)).answer(Language.ENGLISH)
    BatchReceipt.model_validate(answer)
    assert (answer["accepted"], answer["duplicates"], answer["rejected"]) == (1, 1, 1)
    assert (answer["first_position"], answer["last_position"]) == (100, 100)
    assert answer["events"][0] == {"index": 0, "id": "e-0", "status": "accepted", "position": 100}
    assert answer["events"][1]["problem"]["index"] == 1
    assert answer["events"][2] == {"index": 2, "id": "e-2", "status": "duplicate", "position": 7}


def test_nothing_sent_is_nothing_refused() -> None:
    answer = tally().answer(Language.ENGLISH)
    assert answer == {
        "accepted": 0,
        "duplicates": 0,
        "rejected": 0,
        "not_kept": 0,
        "request": "r",
        "first_position": None,
        "last_position": None,
        "events": [],
    }


def test_ten_thousand_events_are_listed_whole() -> None:
    result = ReceiptTally("r")
    result.add(map(accepted, range(LISTED_WHOLLY_MAX)))
    assert len(result.answer(Language.ENGLISH)["events"]) == LISTED_WHOLLY_MAX


def test_of_more_only_what_was_not_accepted_is_listed() -> None:
    result = ReceiptTally("r")
    for start in range(0, 12_000, 500):
        result.add(map(accepted, range(start, start + 500)))
    result.add([refused(12_000), duplicate(12_001)])
    answer = result.answer(Language.ENGLISH)
    assert [entry["index"] for entry in answer["events"]] == [12_000, 12_001]
    assert (answer["first_position"], answer["last_position"]) == (100, 12_099)
    assert answer["accepted"] == 12_000


def test_at_most_a_thousand_are_listed_and_refusals_go_before_duplicates() -> None:
    result = ReceiptTally("r")
    for start in range(0, 20_000, 500):
        result.add(map(duplicate, range(start, start + 500)))
    result.add(map(refused, range(20_000, 20_000 + 400)))
    answer = result.answer(Language.ENGLISH)
    statuses = [entry["status"] for entry in answer["events"]]
    assert len(statuses) == LISTED_MAX
    assert statuses.count("rejected") == 400
    assert [entry["index"] for entry in answer["events"]] == sorted(entry["index"] for entry in answer["events"])
    result.add(map(refused, range(20_400, 40_000)))
    assert {entry["status"] for entry in result.answer(Language.ENGLISH)["events"]} == {"rejected"}
    assert result.answer(Language.ENGLISH)["rejected"] == 20_000
