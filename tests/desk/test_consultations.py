"""What waits for consulted units, and the letter that asks for the answers."""

import html
import re
from functools import partial

from tests.desk.desk_cases import BINH, BRANCH, HEAD, PROCEDURE, SOURCE, step
from tests.pages.conftest import event_of
from tests.papers.reading import pages
from tests.query.serving import Asked

from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.web.sign_in.session_cookies import COOKIE

TAX = {"id": "H34.TAX", "name": "Chi cục Thuế"}
LETTER = re.compile(r'href="(/desk/consultations/letter[^"]+format=pdf)"')


def asked_about(case_id: str) -> list[str]:
    """The events of a case that waits for the tax office."""
    event = partial(event_of, case_id=case_id, source=SOURCE)
    received = {"unit": BRANCH, "procedure": PROCEDURE, "due_at": "2022-08-30T17:00:00+07:00", "holder": BINH}
    return [
        event(1, "received", "15T07:00", received | {"step": step("Thẩm định", 1_440)}),
        event(2, "consultation-requested", "16T07:00", {"actor": BINH, "unit": TAX}),
    ]


async def test_a_letter_names_the_cases_that_wait_and_invents_neither_number_nor_day(service: Asked) -> None:
    await service.tell([*asked_about("H34-ASKED-1"), *asked_about("H34-ASKED-2")])
    begun = await service.app.state.running.sessions.begin(HEAD)
    headers = {"Authorization": "", "Cookie": f"{COOKIE}={begun}", "Accept": "text/html"}
    page = (await service.client.get("/desk/consultations", headers=headers)).text
    section = page.partition("Chi cục Thuế")[2].partition("</section>")[0]
    assert ("H34-ASKED-1" in section, "H34-ASKED-2" in section) == (True, True)
    [address] = map(html.unescape, LETTER.findall(section))
    file = await service.client.get(address, headers=headers)
    assert (file.status_code, file.headers["Content-Type"]) == (200, "application/pdf")
    said = " ".join(pages(file.content))
    assert "Kính gửi: Chi cục Thuế" in said
    assert ("H34-ASKED-1" in said, "H34-ASKED-2" in said, "16/08/2022" in said) == (True, True, True)
    assert re.search(r"trước ngày …+ để", said)
    assert "Số: ……/………" in said

    elsewhere = SignedInPerson(subject="e", name="Ở Nơi Khác", roles=HEAD.roles, units=frozenset({"H99"}))
    begun = await service.app.state.running.sessions.begin(elsewhere)
    foreign = await service.client.get(address, headers=headers | {"Cookie": f"{COOKIE}={begun}"})
    assert foreign.status_code == 404
