"""The morning's digest: what it says to an officer and to a unit, and that nobody gets one twice on a day."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text
from tests.conftest import migrated_database
from tests.mail.smtp_servers import Mailbox, cut_off, smtp_server
from tests.projector.logs import define, event_text
from tests.query.commands import run
from tests.query.serving import Asked, asked_service

from tiendo_cli.digest_sending import DigestSending, is_morning, load_recipients, made
from tiendo_contracts.digest_list import Recipient
from tiendo_domain.rules import OfficerRule, RuleBook, UnitRule
from tiendo_event_store.deliveries.mail_deliveries import MailDeliveries, MailState
from tiendo_query.early_warning.digest_mails import digest_mail
from tiendo_query.early_warning.digests import Digest
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.mail import MailServer
from tiendo_runtime.settings import load_settings

AT: Final = datetime.fromisoformat("2022-08-15T07:30:00+07:00")
DAY: Final = date(2022, 8, 15)
OFFICER: Final = Recipient(address="anh@example.vn", officer="CC-1")
UNIT: Final = Recipient(address="so@example.vn", unit="H34")
NOBODY: Final = Recipient(address="khac@example.vn", officer="CC-9")
STEP: Final = {"id": "tham-dinh", "name": "Thẩm định", "allotted_minutes": 960}


def _received(case_id: str, due: str, officer: str, unit_id: str, **data: Any) -> str:
    unit = {"id": unit_id, "name": f"Đơn vị {unit_id}"}
    return event_text(
        case_id,
        f"{case_id}-0",
        "received",
        datetime.fromisoformat("2022-08-11T08:00:00+07:00"),
        unit=unit,
        due_at=f"2022-{due}:00+07:00",
        procedure={"id": "1.1", "name": "Thủ tục <một>"},
        holder={"id": officer, "name": f"Họ Tên {officer}", "unit": unit},
        **data,
    )


CASES: Final = [
    _received("HS-SOON", "08-15T17:00", "CC-1", "H34.A"),
    _received("HS-PLAN", "08-19T10:00", "CC-1", "H34.A", step={**STEP, "allotted_minutes": 9600}),
    _received("HS-APOLOGY", "08-16T17:00", "CC-2", "H34.A", step={**STEP, "allotted_minutes": 9600}),
    _received("HS-DAYS", "08-17T10:00", "CC-1", "H34.B"),
    _received("HS-OVER", "08-12T17:00", "CC-1", "H34.A"),
    _received("HS-LONG-OVER", "08-11T17:00", "CC-1", "H34.A"),
    _received("HS-ELSEWHERE", "08-16T17:00", "CC-3", "X"),
]


@pytest.fixture(scope="module")
async def service(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asked]:
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=20)
        async with asked_service(url, engine, tmp_path_factory.mktemp("digests")) as running:
            units = [UnitRule(id="H34", name="UBND tỉnh"), *(UnitRule(id=f"H34.{name}", parent="H34") for name in "AB")]
            await define(engine, *units, OfficerRule(id="CC-1", name="Nguyễn Thị Ánh", unit="H34.A"))
            await running.tell(CASES)
            yield running
        await engine.dispose()


@pytest.fixture
async def nothing_sent(service: Asked) -> None:
    async with service.engine.begin() as connection:
        await connection.execute(text("DELETE FROM tiendo.mail_deliveries"))


def _told(digest: Digest) -> dict[str, list[str]]:
    return {section.title: [line.case_id for line in section.lines] for section in digest.sections}


async def test_an_officer_is_told_of_what_they_hold_and_a_unit_of_its_cases_each_where_it_asks_for_most(
    service: Asked,
) -> None:
    of_officer, of_unit, of_nobody = await made(service.side, [OFFICER, UNIT, NOBODY], AT)

    assert _told(of_officer) == {
        "Còn dưới 24 giờ đến hạn": ["HS-SOON"],
        "Dự kiến quá hạn": ["HS-PLAN"],
        "Còn dưới 3 ngày đến hạn": ["HS-DAYS"],
        "Mới quá hạn": ["HS-OVER"],
    }
    apology = {"Phải gửi phiếu xin lỗi và hẹn lại (mẫu 04) hôm nay": ["HS-APOLOGY"]}
    assert _told(of_unit) == apology | _told(of_officer)
    assert (of_nobody.sections, of_officer.name, of_unit.name) == ((), "Nguyễn Thị Ánh", "UBND tỉnh")


async def test_the_mail_says_the_same_in_plain_text_and_in_html(service: Asked) -> None:
    (digest,) = await made(service.side, [OFFICER], AT)

    mail = digest_mail(digest, "https://tiendo.example.vn/")

    assert mail.subject == "Hồ sơ sắp đến hạn, dự kiến quá hạn ngày 15/08/2022: 4 hồ sơ"
    assert "- HS-SOON: hạn 17:00 15/08/2022; còn 450 phút (7 giờ 30 phút); Thủ tục <một>; Nguyễn Thị Ánh\n" in mail.text
    assert "bước Thẩm định còn" in mail.text
    assert "Thủ tục &lt;một&gt;" in mail.html
    assert '<a href="https://tiendo.example.vn/cases/HS-PLAN">' in mail.html
    assert "<a " not in digest_mail(digest, None).html


def _sending(service: Asked, server: MailServer) -> DigestSending:
    return DigestSending(service.engine, service.side, server, load_settings())


@pytest.mark.usefixtures("nothing_sent")
async def test_nobody_gets_a_digest_twice_on_a_day_whoever_sends(service: Asked) -> None:
    mornings = [(OFFICER, DAY), (UNIT, DAY), (NOBODY, DAY)]
    mailbox = Mailbox()
    async with smtp_server(mailbox) as server:
        both = await asyncio.gather(*(_sending(service, server).send_to(mornings, AT) for _ in range(2)))
        again = await _sending(service, server).send_to(mornings, AT)

    states = sorted((one.digest.recipient.address, one.state.value) for sent in both for one in sent)
    assert states == [("anh@example.vn", "sent"), ("khac@example.vn", "nothing"), ("so@example.vn", "sent")]
    assert again == []
    assert sorted(envelope.rcpt_tos[0] for envelope in mailbox.taken) == ["anh@example.vn", "so@example.vn"]


@pytest.mark.usefixtures("nothing_sent")
async def test_one_that_failed_is_taken_up_again_and_one_that_may_have_arrived_is_not(service: Asked) -> None:
    mailbox = Mailbox(answers=["550 full", cut_off, "250 taken"])
    async with smtp_server(mailbox) as server:
        sending = _sending(service, server)
        states = [[one.state for one in await sending.send_to([(OFFICER, DAY)], AT)] for _ in range(3)]

    assert states == [[MailState.FAILED], [MailState.UNCERTAIN], []]
    assert mailbox.taken == []


@pytest.mark.usefixtures("nothing_sent")
async def test_one_that_a_process_died_over_is_not_sent_again_that_day(service: Asked) -> None:
    assert await MailDeliveries(service.engine, "digest").claim(OFFICER.about, OFFICER.address, DAY)
    mailbox = Mailbox()
    async with smtp_server(mailbox) as server:
        assert await _sending(service, server).send_to([(OFFICER, DAY)], AT) == []
        (sent,) = await _sending(service, server).send_to([(OFFICER, date(2022, 8, 16))], AT.replace(day=16))

    assert sent.state is MailState.SENT


def test_it_is_morning_on_working_days_of_the_unit_from_the_set_time_on_for_four_hours() -> None:
    rules, at = RuleBook(), time(7, 0)
    assert is_morning(OFFICER, rules, AT, at) == DAY
    assert is_morning(OFFICER, rules, AT.replace(hour=6), at) is None
    assert is_morning(OFFICER, rules, AT.replace(hour=11), at) is None
    assert is_morning(OFFICER, rules, AT.replace(day=14), at) is None
    assert is_morning(OFFICER, rules, AT.astimezone(UTC), at) == DAY


async def test_the_command_shows_what_would_be_sent_and_sends_nothing_without_a_server(
    service: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = tmp_path / "digests.toml"
    listed.write_text('[[recipient]]\naddress = "anh@example.vn"\nofficer = "CC-1"\n', encoding="utf-8")
    monkeypatch.setenv("TIENDO_DIGESTS", str(listed))

    shown = await run(service, tmp_path, "digest", "--dry-run", "--as-of", AT.isoformat())
    refused = await run(service, tmp_path, "digest", "--send", status=1)

    assert "anh@example.vn (officer CC-1)" in shown
    assert "HS-PLAN" in shown
    assert "TIENDO_MAIL_HOST" in refused


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ('[[recipient]]\naddress = "a@b.vn"\n', "an officer or a unit"),
        ('[[recipient]]\naddress = "a@b.vn\\nBcc: c@d.vn"\nunit = "U"\n', "recipient.0.address"),
        ("[[recipient", "the file is not TOML"),
    ],
)
def test_a_list_of_recipients_that_says_something_wrong_is_refused(tmp_path: Path, said: str, wrong: str) -> None:
    path = tmp_path / "digests.toml"
    path.write_text(said, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=wrong):
        load_recipients(path)
    with pytest.raises(SettingsInvalid, match="TIENDO_DIGESTS"):
        load_recipients(None)
