"""What the control sheet and the apology of a case say, worked out by hand."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from tests.domain.cases import (
    ANH,
    BINH,
    QUEUE,
    Plain,
    absence,
    completed,
    consultation_answered,
    consultation_requested,
    corrected,
    extended,
    forwarded,
    moment,
    received,
    ruled,
    step,
    supplement_received,
    supplement_requested,
)
from tests.domain.decided_cases import entries_of
from tests.domain.product import asked, facts, rule_book
from tests.domain.rules_for_tests import RULES
from tests.papers.reading import texts

from tiendo_contracts.answers.official_forms import FormFigures
from tiendo_query.cases.single_cases import SeenCase
from tiendo_query.official_forms.case_documents import apology_document, control_sheet_document
from tiendo_query.official_forms.case_forms import apology, control_sheet
from tiendo_query.official_forms.errors import FormInconsistent
from tiendo_query.official_forms.form_law import law_of
from tiendo_query.official_forms.statistical_documents import period_in_words
from tiendo_query.official_forms.statistics import checked, figures_of

UNIT = {"id": "H34.20", "name": "Chi nhánh Kon Tum"}
RECEIVED = received("08-15 08:00", ANH, due_at="08-17 17:00", unit=UNIT, step=step("S1", 120))
PAPER = {"document_number": "15/XL", "signed_at": "08-16"}


def seen(*events: Plain, rules: Plain = RULES, whole: bool = True, as_of: str = "09-05 17:00") -> SeenCase:
    log = entries_of(*events)
    return SeenCase(
        timeline=asked(log, rules, as_of=moment(as_of)),
        events=tuple(facts(log)),
        whole=whole,
        rules=rule_book(rules),
        simulated=False,
        as_of_text="",
        position=len(log),
    )


def test_each_hold_is_a_block_with_its_result_by_the_accounts_allotment() -> None:
    sheet = control_sheet(
        seen(
            RECEIVED,
            forwarded("08-15 09:00", BINH, step=step("S2", 60)),
            consultation_requested("08-15 10:00", {"id": "STP", "name": "Sở Tư pháp"}),
            consultation_answered("08-15 11:00", {"id": "STP"}),
            supplement_requested("08-15 11:10"),
            supplement_received("08-16 08:00", BINH),
            forwarded("08-16 08:30", QUEUE),
            completed("08-16 09:30"),
        )
    )
    assert [(block.received_by_unit, block.received_by, block.result) for block in sheet.blocks] == [
        ("Bộ phận tiếp nhận", "Nguyễn Thị Ánh, Chuyên viên", "Trước hạn"),
        ("Văn phòng đăng ký", "Trần Văn Bình, Phó phòng", "Đúng hạn"),
        ("Sở Tư pháp", "Cơ quan phối hợp", "Không quy định"),
        ("Văn phòng đăng ký", "Trần Văn Bình, Phó phòng", "Quá hạn"),
        ("Người nộp hồ sơ", None, "Không quy định"),
        ("Văn phòng đăng ký", "Trần Văn Bình, Phó phòng", "Quá hạn"),
        ("Văn phòng đăng ký", "Chưa phân công", "Không quy định"),
    ]
    assert (sheet.blocks[0].given_by_unit, sheet.blocks[0].given_by) == ("Người nộp hồ sơ", None)
    assert sheet.co_ordinating == ["Sở Tư pháp"]
    assert sheet.blocks[4].notes == ["Tạm dừng tính thời hạn"]
    assert sheet.result == "Trong hạn"


def test_an_open_hold_within_its_allotment_is_in_process_and_an_absence_is_told() -> None:
    away = ruled(absences=[absence("A", "08-15", "08-15")])
    sheet = control_sheet(seen(RECEIVED, rules=away, as_of="08-15 09:00"))
    assert [(block.received_by, block.notes[-1]) for block in sheet.blocks] == [
        ("Chưa phân công", "Công chức vắng mặt (quy tắc H10)")
    ]
    assert control_sheet(seen(RECEIVED, as_of="08-15 09:00")).blocks[0].result == "Đang giải quyết"
    assert control_sheet(seen(RECEIVED, as_of="08-15 11:00")).blocks[0].result == "Quá hạn"


def test_the_applicant_signs_on_dots_in_every_format() -> None:
    sheet = control_sheet(seen(RECEIVED, completed("08-15 09:00")))
    for text in texts(control_sheet_document(sheet, made_at=datetime(2022, 9, 5, tzinfo=UTC))).values():
        assert "Kèm theo hồ sơ của: ………" in text
        assert "Giao: Người nộp hồ sơ" in text
        assert "Trước hạn" in text


def test_an_apology_is_filled_from_the_extension_that_counts() -> None:
    letter = apology(
        seen(
            RECEIVED,
            extended("08-16 08:00", due_at="08-19 17:00", reason="Chờ ý kiến", apology=PAPER),
            extended("08-18 08:00", due_at="08-25 17:00", reason="Lần hai", apology=PAPER),
        )
    )
    assert (letter.is_draft, letter.number, letter.dated_on, letter.reason) == (
        False,
        "15/XL",
        date(2022, 8, 16),
        "Chờ ý kiến",
    )
    assert (letter.due_at, letter.new_due_at) == ("2022-08-17T17:00", "2022-08-19T17:00")
    for text in texts(apology_document(letter, made_at=datetime(2022, 9, 5, tzinfo=UTC))).values():
        for said in (
            "Số: 15/XL",
            "17 giờ 00 phút, ngày 17 tháng 8 năm 2022",
            "ngày 19 tháng 8 năm 2022",
            "Lý do: Chờ ý kiến.",
        ):
            assert said in text
        assert "DỰ THẢO" not in text


@pytest.mark.parametrize(
    "case",
    [
        lambda: seen(RECEIVED),
        lambda: seen(
            RECEIVED,
            extended("08-16 08:00", id="x", due_at="08-19 17:00", reason="Chờ", apology=PAPER),
            corrected("08-16 09:00", "x", reason="Nhầm"),
        ),
        lambda: seen(RECEIVED, extended("08-16 08:00", due_at="08-19 17:00", reason="Chờ", apology=PAPER), whole=False),
    ],
    ids=["no extension", "taken back", "seen in part"],
)
def test_without_an_extension_the_apology_is_a_draft_with_dots(case: Callable[[], SeenCase]) -> None:
    letter = apology(case())
    assert (letter.is_draft, letter.number, letter.reason, letter.new_due_at) == (True, None, None, None)
    for text in texts(apology_document(letter, made_at=datetime(2022, 9, 5, tzinfo=UTC))).values():
        assert "DỰ THẢO" in text
        assert "Lý do: ………" in text
        assert "Số: ……/" in text


def test_regulations_and_numbers_of_forms_go_by_the_date() -> None:
    assert law_of(date(2025, 9, 14)).circular == "Thông tư số 01/2018/TT-VPCP"
    assert law_of(date(2025, 9, 15)).decree == "Nghị định số 118/2025/NĐ-CP"
    assert control_sheet(seen(RECEIVED)).form == "Mẫu số 05"
    assert apology(seen(RECEIVED)).title == "Phiếu xin lỗi và hẹn lại ngày trả kết quả"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2022, 8, 1), date(2022, 8, 31), "Tháng 8 năm 2022"),
        (date(2022, 7, 1), date(2022, 9, 30), "Quý III năm 2022"),
        (date(2022, 1, 1), date(2022, 6, 30), "6 tháng đầu năm 2022"),
        (date(2022, 1, 1), date(2022, 8, 31), "8 tháng năm 2022"),
        (date(2022, 1, 1), date(2022, 12, 31), "Năm 2022"),
        (date(2022, 8, 1), date(2022, 8, 25), "01/08/2022 – 25/08/2022"),
        (date(2022, 2, 1), date(2022, 4, 30), "01/02/2022 – 30/04/2022"),
    ],
)
def test_a_period_is_called_by_its_name(start: date, end: date, said: str) -> None:
    assert period_in_words(start, end) == said


def test_figures_that_contradict_each_other_give_an_error_and_no_table() -> None:
    right = figures_of({"received_direct": 2, "resolved_early": 1, "open_in_time": 1})
    assert checked(right, where="x") == right
    for name in FormFigures.model_fields:
        if name not in {"channel_unknown", "without_due", "paused", "paused_in_time", "paused_overdue"}:
            wrong = right.model_copy(update={name: getattr(right, name) + 1})
            with pytest.raises(FormInconsistent):
                checked(wrong, where="x")
