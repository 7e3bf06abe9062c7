"""The commands that show one case: the same objects as the interface, a picture and sentences for people."""

import json
from datetime import timedelta
from pathlib import Path

from tests.domain.cases import BINH, forwarded, step
from tests.domain.decided_cases import LATE, decided
from tests.projector.logs import OFFICERS, STARTED_AT, event_text, holder, many_cases, received_text
from tests.query.commands import run
from tests.query.serving import Asked
from tests.query.test_decisions import IN_TIME, texts

from tiendo_contracts.explanation import in_words
from tiendo_contracts.problems.problem_kinds import Language

AS_OF = ("--as-of", "2022-03-10T17:00:00+07:00")
CASE = "000.00.20.H34-220301-0001"


def case_of_two_officers(case_id: str = CASE) -> list[str]:
    """Received on Tuesday at 08:00, 120 minutes allotted; forwarded on Wednesday with 900 minutes; paused once; late by some days."""

    def later(**passed: float) -> object:
        return STARTED_AT + timedelta(**passed)

    second = holder(OFFICERS[1], "H34.2")
    step = {"id": "s-1", "name": "Thẩm định", "allotted_minutes": 900}
    return [
        received_text(case_id),
        event_text(case_id, f"{case_id}-1", "forwarded", STARTED_AT + timedelta(days=1), holder=second, step=step),
        event_text(case_id, f"{case_id}-2", "supplement-requested", STARTED_AT + timedelta(days=2)),
        event_text(case_id, f"{case_id}-3", "supplement-received", STARTED_AT + timedelta(days=3), holder=second),
        event_text(case_id, f"{case_id}-4", "completed", STARTED_AT + timedelta(days=8)),
    ]


async def test_case_prints_the_timeline_that_the_interface_answers(service: Asked, tmp_path: Path) -> None:
    await service.tell(case_of_two_officers())
    printed = json.loads(await run(service, tmp_path, "case", CASE, *AS_OF, "--format", "json", "--language", "en"))
    assert printed == await service.get(f"/v1/cases/{CASE}/timeline", as_of=AS_OF[1])
    assert sum(share["minutes"] for share in printed["attributions"]) == printed["lateness_minutes"] > 0


async def test_case_draws_holds_pauses_and_overruns_and_names_the_shares(service: Asked, tmp_path: Path) -> None:
    await service.tell(case_of_two_officers())
    shown = await run(service, tmp_path, "case", CASE, *AS_OF)
    assert all(mark in shown for mark in "█▓░")
    assert all(
        name in shown for name in ("Nguyễn Thị Ánh", "Y Bình", "người nộp hồ sơ", "Thẩm định", "quá hạn thực tế")
    )
    english = await run(service, tmp_path, "case", CASE, *AS_OF, "--language", "en")
    assert all(word in english for word in ("actually late", "allotment left", "step-norm/1", "the applicant"))


async def test_case_tells_a_late_entry_and_who_held_the_case_then(service: Asked, tmp_path: Path) -> None:
    finish = json.loads(event_text("a", "a-1", "completed", STARTED_AT + timedelta(hours=1)))
    finish["recordedat"] = (STARTED_AT + timedelta(days=6)).isoformat()
    await service.tell([received_text("a"), json.dumps(finish)])
    late_entry = (await service.get("/v1/cases/a/timeline"))["late_entry_minutes"]
    assert late_entry > 0
    shown = await run(service, tmp_path, "case", "a")
    assert f"quên thao tác (thời gian làm việc): {in_words(late_entry, Language.VIETNAMESE)} · Nguyễn Thị Ánh" in shown


async def test_case_shows_markup_in_names_as_it_was_sent(service: Asked, tmp_path: Path) -> None:
    await service.tell([received_text("b", officer=("CB-9", "[red]An[/red]"))])
    assert "[red]An[/red]" in await run(service, tmp_path, "case", "b")


async def test_explain_tells_every_share_with_rules_and_events(service: Asked, tmp_path: Path) -> None:
    await service.tell(case_of_two_officers())
    told = json.loads(await run(service, tmp_path, "explain", CASE, *AS_OF, "--format", "json", "--language", "en"))
    shares = (await service.get(f"/v1/cases/{CASE}/timeline", as_of=AS_OF[1]))["attributions"]
    of_shares = [sentence for sentence in told["sentences"] if sentence["section"] == "shares"]
    for share in shares:
        assert any(
            f": {share['minutes']} minute" in sentence["text"] and sentence["event_ids"] == share["event_ids"]
            for sentence in of_shares
        )
    assert all(sentence["rules"] for sentence in told["sentences"])


async def test_explain_speaks_vietnamese_unless_asked_for_english(service: Asked, tmp_path: Path) -> None:
    await service.tell(case_of_two_officers())
    vietnamese = await run(service, tmp_path, "explain", CASE, *AS_OF)
    english = await run(service, tmp_path, "explain", CASE, *AS_OF, "--language", "en")
    assert "Quy trách nhiệm\n" in vietnamese
    assert "Whose share it is\n" in english
    assert len(vietnamese.splitlines()) == len(english.splitlines())


async def test_an_unknown_case_is_an_error_that_says_so(service: Asked, tmp_path: Path) -> None:
    for command in ("case", "explain"):
        assert "No event of this case is stored." in await run(service, tmp_path, command, "nobody-knows-it", status=1)
        await run(service, tmp_path, command, CASE, "--as-of", "2022-03-10", status=2)


async def test_the_table_of_delays_shows_whole_codes_and_words(service: Asked, tmp_path: Path) -> None:
    await service.tell(case_of_two_officers())
    shown = await run(service, tmp_path, "delays", "--from", "2022-03-01", "--to", "2022-03-31")
    assert CASE in shown
    assert "quá hạn thực tế" in shown.replace("\n", " ")
    assert "actual" not in shown


async def test_officers_are_limited_and_the_rest_is_counted(service: Asked, tmp_path: Path) -> None:
    await service.tell(many_cases(12))
    shown = await run(service, tmp_path, "officers", "--limit", "1")
    everybody = await service.all_items("/v1/officers")
    assert f"… và {len(everybody) - 1} người khác" in shown


async def test_case_tells_who_bears_how_much_of_a_late_entry_by_decision(service: Asked, tmp_path: Path) -> None:
    handed_on_late = (LATE[0], forwarded("08-15 10:30", BINH, step=step("S2", 60)), LATE[2])
    await service.tell(texts("entered", *handed_on_late, decided("09-05 08:00", "d", IN_TIME)))
    shown = await run(service, tmp_path, "case", "entered", "--language", "en")
    unwrapped = " ".join(shown.split())
    assert unwrapped.count("late entry (working time): ") == 2
    assert (
        "late entry (working time): 70 minutes (1 h 10 min) · Trần Văn Bình (B, Phó phòng, Văn phòng đăng ký) "
        "late entry (working time): 30 minutes · Nguyễn Thị Ánh (A, Chuyên viên, Bộ phận tiếp nhận)"
    ) in unwrapped
