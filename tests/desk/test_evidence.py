"""Evidence for many cases at once: wholly checked before anything is filed, filed with the rights of whoever sends it, and counted afterwards."""

import html
import json
import re
from functools import partial
from typing import Any

import httpx
from tests.desk.desk_cases import BINH, BRANCH, HEAD, OFFICER, PROCEDURE, SOURCE, STRANGER, late, step
from tests.pages.conftest import event_of
from tests.query.serving import Asked

from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.web.sign_in.session_cookies import COOKIE

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
DAYS = {"from": "2022-08-01", "to": "2022-08-31"}
PATH = "/desk/late-entries"
DECISION = {
    "document_number": "12/QĐ-CN",
    "document_signed": "2022-09-05",
    "position": "Giám đốc",
    "text": "Đã kiểm tra.",
}


def unproven(case_id: str) -> list[str]:
    """The events of a case that Bình finished in time, recorded a day after the due, without evidence."""
    event = partial(event_of, case_id=case_id, source=SOURCE)
    received = {"unit": BRANCH, "procedure": PROCEDURE, "due_at": "2022-08-17T17:00:00+07:00", "holder": BINH}
    finished = json.loads(event(2, "completed", "16T15:00", {})) | {"recordedat": "2022-08-18T17:00:00+07:00"}
    return [event(1, "received", "15T07:00", received | {"step": step("Thẩm định", 1_440)}), json.dumps(finished)]


def signed_before(case_id: str) -> list[str]:
    """The events of the late case, with evidence signed before the due."""
    *course, finish = late(case_id)
    said = json.loads(finish)
    said["data"]["evidence"] = {"document_number": "9/KQ", "signed_at": "2022-08-16"}
    return [*course, json.dumps(said)]


async def told(service: Asked, name: str) -> tuple[str, str, str]:
    """The codes of a case that was late with evidence signed before the due, and of two unproven ones."""
    actual, one, other = (f"H34-{name}-{number}" for number in (1, 2, 3))
    await service.tell([*signed_before(actual), *unproven(one), *unproven(other)])
    return actual, one, other


async def send(
    service: Asked, person: SignedInPerson, fields: dict[str, str], file: bytes | None = None
) -> httpx.Response:
    begun = await service.app.state.running.sessions.begin(person)
    origin = {"Origin": f"http://127.0.0.1:{service.port}"}
    headers = {"Authorization": "", "Cookie": f"{COOKIE}={begun}", "Accept-Language": "vi", **origin}
    files = None if file is None else {"file": ("bang.csv", file)}
    return await service.client.post(PATH, data={**DAYS, **fields}, files=files, headers=headers)


async def looked_at(service: Asked, person: SignedInPerson) -> str:
    begun = await service.app.state.running.sessions.begin(person)
    headers = {"Authorization": "", "Cookie": f"{COOKIE}={begun}", "Accept": "text/html"}
    answer = await service.client.get(PATH, params=DAYS, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def hidden(page: str) -> dict[str, str]:
    """The fields of the second step."""
    form = page.partition('aria-labelledby="confirm-title"')[2]
    return {name: html.unescape(value) for name, value in HIDDEN.findall(form)}


def faults_of(answer: httpx.Response) -> str:
    """What the page says is wrong."""
    return answer.text.partition('id="faults"')[2].partition("</table>")[0] or answer.text


def table(*rows: str) -> bytes:
    return "\ufeff".encode() + "\r\n".join(["Mã hồ sơ;Số văn bản;Ngày văn bản;Xong lúc", *rows]).encode()


async def class_of(service: Asked, case_id: str) -> tuple[Any, ...]:
    timeline = await service.get(f"/v1/cases/{case_id}/timeline")
    return timeline["class"], timeline["accepted"], len(timeline["explanations"]), len(timeline["decisions"])


async def test_the_list_is_that_of_candidates_and_says_what_is_missing(service: Asked) -> None:
    codes = await told(service, "LISTED")
    listed = await service.all_items(
        "/v1/cases", late_entry_candidate="true", unit="H34.20", from_=DAYS["from"], to=DAYS["to"]
    )
    page = await looked_at(service, HEAD)
    assert [one["case_id"] for one in listed if one["case_id"] in codes] == list(codes)
    said = [page.partition(f"/cases/{case_id}")[2].partition("</tr>")[0] for case_id in codes]
    missing = ("đã xong lúc nào", "số và ngày văn bản kết quả", "số và ngày văn bản kết quả")
    assert [words in row for words, row in zip(missing, said, strict=True)] == [True, True, True]
    assert "văn bản ký trong hạn nhưng kết thúc ghi sau hạn" in said[0]
    assert "Không có hồ sơ nào" in await looked_at(service, STRANGER)


async def test_who_decides_enters_evidence_for_all_cases_by_one_document_and_sees_before_whose_minutes_change(
    service: Asked,
) -> None:
    actual, one, other = await told(service, "DECIDED")
    rows = [f"{one};77/KQ;16/08/2022;", f"{actual};9/KQ;16/08/2022;16/08/2022 16:30"]
    shown = await send(service, HEAD, {**DECISION, "step": "look"}, table(*rows))
    assert shown.status_code == 200, faults_of(shown)
    assert "Trần Văn Bình: phần chậm 768 → 0; quên thao tác 0 → 960 phút" in shown.text
    assert await class_of(service, actual) == ("actual", None, 0, 0)

    fields = hidden(shown.text)
    for _ in range(2):  # a form that is sent twice says it once
        sent = await send(service, HEAD, {**fields, "step": "confirmed"})
        assert sent.status_code == 303, faults_of(sent)
        await service.caught_up()
        assert await class_of(service, actual) == ("late-entry", True, 0, 1)
        assert await class_of(service, one) == ("late-entry", True, 0, 1)
    assert await class_of(service, other) == ("unproven", None, 0, 0)
    [decision] = (await service.get(f"/v1/cases/{actual}/timeline"))["decisions"]
    assert (decision["decided_by"]["name"], decision["document"]["document_number"]) == (HEAD.name, "12/QĐ-CN")
    assert decision["entered_by"] == HEAD.entered_by
    assert actual not in await looked_at(service, HEAD)


async def test_an_officer_files_one_explanation_a_case_that_asks_for_a_late_entry(service: Asked) -> None:
    _, one, other = await told(service, "FILED")
    fields = {"case_1": one, "number_1": "77/KQ", "signed_1": "2022-08-16", "case_2": other}
    shown = await send(service, OFFICER, {**fields, "step": "look"})
    assert shown.status_code == 200, faults_of(shown)
    assert "chưa thay đổi, chờ quyết định" in shown.text
    sent = await send(service, OFFICER, {**hidden(shown.text), "step": "confirmed"})
    assert sent.status_code == 303, faults_of(sent)
    await service.caught_up()
    [filed] = (await service.get(f"/v1/cases/{one}/timeline"))["explanations"]
    assert (filed["state"], filed["officer"]["id"], filed["asks"]) == ("pending", "CC-2", "late-entry")
    assert filed["documents"][0]["document_number"] == "77/KQ"
    assert await class_of(service, other) == ("unproven", None, 0, 0)


async def test_one_bad_row_is_named_by_row_and_column_and_nothing_is_filed(service: Asked) -> None:
    actual, one, other = await told(service, "BAD")
    bad_rows = (
        (f"{other};78/KQ;18/08/2022;", "Ngày văn bản", "văn bản ký sau hạn"),
        (f"{other};;16/08/2022;", "Số văn bản", "chưa điền"),
        (f"{other};78/KQ;31/02/2022;", "Ngày văn bản", "ngày không đúng"),
        ("H34-NOBODY;78/KQ;16/08/2022;", "Mã hồ sơ", "không có hồ sơ nào"),
        (f"{one};78/KQ;16/08/2022;", "Mã hồ sơ", "đã có ở dòng trên"),
        (f"{actual};9/KQ;16/08/2022;", "Xong lúc", "nêu đã xong lúc nào"),
        (f"{actual};9/KQ;16/08/2022;16/08/2022", "Xong lúc", "ngày giờ không đúng"),
    )
    for row, column, words in bad_rows:
        file = table(f"{one};77/KQ;16/08/2022;", row)
        refused = await send(service, HEAD, {**DECISION, "step": "confirmed"}, file)
        assert refused.status_code == 422, refused.text
        faults = faults_of(refused)
        assert ("Dòng 3" in faults, "Dòng 2" in faults) == (True, False), faults
        assert (column in faults, words in faults) == (True, True), faults
    await service.caught_up()
    assert await class_of(service, one) == ("unproven", None, 0, 0)


async def test_nobody_files_for_others_or_decides_in_a_case_of_other_units(service: Asked) -> None:
    _, one, _ = await told(service, "RIGHTS")
    row = {"case_1": one, "number_1": "77/KQ", "signed_1": "2022-08-16", "step": "look"}
    assert (await send(service, STRANGER, row)).status_code == 422
    elsewhere = SignedInPerson(subject="e", name="Ở Nơi Khác", roles=HEAD.roles, units=frozenset({"H99"}))
    assert (await send(service, elsewhere, {**DECISION, **row})).status_code == 422
    missing = await send(service, HEAD, row)
    assert (missing.status_code, "Số văn bản quyết định" in missing.text) == (422, True)


async def test_what_no_form_of_ours_sends_is_refused_in_words_and_never_breaks(service: Asked) -> None:
    _, one, _ = await told(service, "ODD")
    row = {"case_1": one, "number_1": "77/KQ", "signed_1": "2022-08-16", "step": "look"}
    odd = (
        {**row, "from": "x"},
        {**row, "sent": "-1"},
        {**row, "case_1": "a\x00b"},
        {**row, "number_1": "a\x00b"},
        {**row, "finished_1": "0001-01-01T00:00"},
        {"rows": json.dumps([[number, one, "77/KQ", "2022-08-16", ""] for number in range(201)]), "step": "look"},
        {"rows": "[[1]]", "step": "confirmed"},
    )
    for fields in odd:
        answer = await send(service, HEAD, {**DECISION, **fields})
        assert answer.status_code in {400, 422}, (fields, answer.status_code)
