"""What stands beside an event in the log: its digest, and a salt of its own."""

from hashlib import sha256

from tests.projector.logs import received_text
from tests.query.serving import Asked

from tiendo_contracts.events.case_events import accept_text
from tiendo_contracts.texts.canonical_json import canonical
from tiendo_event_store import BulkLoader


async def test_every_event_stands_beside_its_digest_and_a_salt_of_its_own_however_it_came(service: Asked) -> None:
    await service.tell([received_text("a"), received_text("b")])
    async with BulkLoader(service.engine) as loader:
        await loader.append([accept_text(received_text("c")), accept_text(received_text("d"))])

    entries = (await service.get("/v1/events"))["events"]
    assert len(entries) >= 6
    assert {entry["digest"] for entry in entries} == {
        sha256(canonical(entry["event"])).hexdigest() for entry in entries
    }
    assert len({bytes.fromhex(entry["salt"]) for entry in entries if len(entry["salt"]) == 32}) == len(entries)
    assert {(entry["redacted"], entry["commitment"]) for entry in entries} == {(None, None)}
    of_case = (await service.get("/v1/cases/a/events"))["events"]
    assert of_case == [entry for entry in entries if entry["event"]["subject"] == "a"]
