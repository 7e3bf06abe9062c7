"""What anybody reads under /cong-khai: names, positions, units and figures of what is published, and how to check it."""

import hashlib
import hmac
import re
from typing import Final

import httpx
from tests.domain.decided_cases import LATE, TO_OFFICE, decided, filed, move
from tests.publications.publishing import CORRECTION, Desk
from tests.query.serving import client_of
from tests.query.test_decisions import texts
from tests.query.test_log_proofs import signed

from tiendo_contracts.texts.canonical_json import canonical, digest

LIST: Final = "/cong-khai/CK-T-2022-08"


async def page(desk: Desk, path: str, status: int = 200) -> httpx.Response:
    async with client_of(desk.service.port, "") as nobody:
        nobody.headers.pop("authorization", None)
        answer = await nobody.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    assert (answer.headers["x-robots-tag"], answer.headers["cache-control"]) == ("noindex", "no-cache")
    return answer


async def test_the_public_sees_names_and_figures_and_nothing_else_until_the_list_is_withdrawn(desk: Desk) -> None:
    await desk.service.tell(texts("HS-ONE", *LATE, filed("08-20 08:00", "x")))
    await desk.service.tell(texts("HS-ONE", decided("09-05 08:00", "d", move(10, TO_OFFICE), of="x")))
    draft = await desk.draft("T")
    await desk.approved(draft["id"])
    assert "CK-T" not in (await page(desk, "/cong-khai")).text
    published = await desk.step(draft["id"], "publish")
    assert "CK-T-2022-08/1" in (await page(desk, "/cong-khai")).text
    shown = await page(desk, LIST)
    for seen in ("Nguyễn Thị Ánh", "Chuyên viên", "Trần Văn Bình", "Một cửa", "Lê Thị Giám Đốc", published["digest"]):
        assert seen in shown.text, seen
    told = (await page(desk, f"{LIST}/1.json")).json()
    assert told["public_digest"] == digest(told["list"]).hex() == published["public_digest"]
    assert [(row["name"], row["attributed_minutes"]) for row in told["list"]["officers"]] == [
        ("Nguyễn Thị Ánh", 20),
        ("Trần Văn Bình", 40),
    ]
    everything = shown.text + str(told) + (await page(desk, f"{LIST}.csv")).text
    assert not re.findall(r"HS-ONE|Trong tuần có 40 hồ sơ|12/QĐ-VP|\bGD\b|&#34;officer&#34;", everything)

    await desk.step(draft["id"], "correct", CORRECTION)
    assert "CK-T-2022-08/2" in (await page(desk, LIST)).text
    assert (await page(desk, f"{LIST}/1.json")).json()["list"] == told["list"]
    await desk.step(draft["id"], "withdraw", {"reason": "Sai kỳ báo cáo"})
    for path in (LIST, f"{LIST}/1", f"{LIST}/2.json"):
        gone = await page(desk, path, status=410)
        assert "Sai kỳ báo cáo" in gone.text
        assert "Nguyễn Thị Ánh" not in gone.text
    assert "Sai kỳ báo cáo" in (await page(desk, "/cong-khai")).text
    await page(desk, "/cong-khai/CK-T-2022-09", status=404)


async def test_the_fact_of_a_publication_is_proven_by_what_the_public_gets(desk: Desk) -> None:
    await desk.service.tell(texts("HS-ONE", *LATE))
    draft = await desk.draft("T")
    await desk.published(draft["id"])

    await signed(desk.service)
    [*_, proof] = (await page(desk, f"{LIST}.json")).json()["proofs"]
    commitment = hmac.digest(bytes.fromhex(proof["salt"]), canonical(proof["event"]), "sha256").hex()
    leaf = canonical({"commitment": commitment, "ingested_at": proof["ingested_at"], "position": proof["position"]})
    assert proof["leaf_hash"] == hashlib.sha256(b"\x00" + leaf).hexdigest()
    assert proof["event"]["data"]["number"] == "CK-T-2022-08/1"
    asked = {"position": proof["position"], "size": proof["size"]}
    assert (await desk.get("/v1/log/proofs/inclusion", **asked))["hashes"] == proof["hashes"]
