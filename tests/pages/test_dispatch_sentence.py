"""The sentence of the dispatch has the figures of the page on which it stands."""

from tests.pages.conftest import late_case, on_time_case
from tests.pages.reading import page_of
from tests.query.serving import Asked

DAYS = {"from": "2022-08-01", "to": "2022-08-31"}


async def test_the_sentence_says_what_is_overdue_of_what_and_whose_most_of_it_is(service: Asked) -> None:
    late = [text.replace('"level": "province"', '"level": "province", "parent": "H34"') for text in late_case()]
    await service.tell([*late, *on_time_case(case_id="H34-2")])
    page = await page_of(service, "/", **DAYS)
    sentence = page.partition("<textarea readonly")[2].partition("</textarea>")[0].partition(">")[2]
    assert sentence.startswith("Từ ngày 01/08/2022 đến ngày 31/08/2022, đã giải quyết quá hạn 1/2 hồ sơ, tỷ lệ 50,0 %")
    assert "riêng Chi nhánh VPĐKĐĐ &lt;thành phố&gt; Kon Tum có 1 hồ sơ quá hạn, chiếm 100,0 %" in sentence
    assert sentence.endswith("0 hồ sơ đang giải quyết nhưng đã quá hạn tính đến hết ngày 31/08/2022.")
