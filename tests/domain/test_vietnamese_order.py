"""People's names stand by given name, middle names, family name, by the letters and tones of the Vietnamese alphabet."""

import random

from tiendo_domain.monthly_list.numbers import ListNumber
from tiendo_domain.months import Month
from tiendo_domain.vietnamese_order import name_order, text_order

IN_ORDER = [
    "Trần Văn An",
    "Lê Thị Ánh",
    "Nguyễn Thị Ánh",
    "Nguyễn Văn Ánh",
    "Đỗ Ân",
    "Lê Bình",
    "Lê Văn Dũng",
    "Bùi Văn Đạt",
    "Lê Thị Hoa",
    "Lê Thị Hòa",
    "Lê Thị Hóa",
    "A Xếp",
    None,
]


def test_names_are_sorted_by_given_name_then_middle_names_then_family_name() -> None:
    mixed = random.Random(1).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(mixed, key=name_order) == IN_ORDER
    assert name_order("nguyễn  THỊ ánh")[:2] == name_order("Nguyễn Thị A\u0301nh")[:2]


def test_units_are_sorted_word_by_word() -> None:
    assert sorted(["Sở Y tế", "Sở Xây dựng", "Sở Đất", "Sở Dân tộc"], key=text_order) == [
        "Sở Dân tộc",
        "Sở Đất",
        "Sở Xây dựng",
        "Sở Y tế",
    ]


def test_a_number_names_unit_month_and_version_whatever_signs_the_units_code_has() -> None:
    number = ListNumber(unit_id="H34/A-2022-01", month=Month(2022, 8), version=12)
    assert ListNumber.parse(str(number)) == number
    assert ListNumber.parse("CK-H34-2022-08") == ListNumber(unit_id="H34", month=Month(2022, 8))
    assert [ListNumber.parse(text) for text in ("CK-H34-2022-13/1", "CK-H34-2022-08/0", "CK--2022-08", "x")] == [
        None
    ] * 4
