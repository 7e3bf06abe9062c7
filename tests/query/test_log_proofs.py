"""What anybody may ask for, with no key: checkpoints and proofs, verified as an outsider verifies them."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tests.projector.logs import many_cases, received_text
from tests.proofs.outsider import includes, is_consistent, leaf_of_entry, opened_note, tree_head
from tests.query.serving import Asked
from tests.waiting import until

from tiendo_event_store import EventLog
from tiendo_runtime.log_signing import signer_of
from tiendo_runtime.web import Running


async def signed(service: Asked) -> int:
    """The size of a checkpoint over all that the log holds."""
    running: Running = service.app.state.running
    signer = await signer_of(running.engine, running.settings)
    head = await EventLog(service.engine).head()

    async def covers() -> bool:
        checkpoint = await signer.take_turn()
        return checkpoint is not None and checkpoint.size >= head

    await until(covers, what="a checkpoint covers the log")
    return head


def verifier_key(service: Asked, name: str) -> str:
    """As `openssl` and a few lines make it out of the key's file."""
    key = load_pem_private_key(service.app.state.running.settings.log_key.read_bytes(), password=None)
    encoded = b"\x01" + key.public_key().public_bytes_raw()  # type: ignore[union-attr]
    key_id = hashlib.sha256(name.encode() + b"\n" + encoded).digest()[:4].hex()
    return f"{name}+{key_id}+{base64.b64encode(encoded).decode()}"


async def test_an_outsider_follows_every_event_to_a_signed_checkpoint_and_each_checkpoint_to_the_next(
    service: Asked,
) -> None:
    await service.tell([received_text("a"), received_text("b")])
    first_size = await signed(service)
    first = await service.get("/v1/log/checkpoint", format="json")
    await service.tell(many_cases(100))
    size = await signed(service)

    service.client.headers.pop("Authorization")
    note = (await service.raw("/v1/log/checkpoint")).text
    told = await service.get("/v1/log/checkpoint", format="json")
    assert (first["size"], told["size"], told["note"]) == (first_size, size, note)
    root = bytes.fromhex(told["root_hash"])
    assert opened_note(note, verifier_key(service, told["origin"])) == (told["origin"], size, root)
    assert told["origin"] == f"tiendo/{await EventLog(service.engine).log_id()}"

    service.client.headers["Authorization"] = f"Bearer {service.secret}"
    leaves: list[bytes] = []
    while page := (await service.get("/v1/events", after=len(leaves), limit=1_000))["events"]:
        leaves += [leaf_of_entry(entry) for entry in page]
    assert tree_head(leaves) == root
    assert tree_head(leaves[:first_size]).hex() == first["root_hash"]
    for position in {1, 2, first_size, 256, 257, size}:
        proof = await service.get("/v1/log/proofs/inclusion", position=position)
        assert (proof["leaf_index"], proof["size"], proof["leaf_hash"]) == (
            position - 1,
            size,
            leaves[position - 1].hex(),
        )
        assert includes(position - 1, size, leaves[position - 1], list(map(bytes.fromhex, proof["hashes"])), root)
    between = await service.get("/v1/log/proofs/consistency", from_=first_size, to=size)
    assert (between["from"], between["to"]) == (first_size, size)
    hashes = list(map(bytes.fromhex, between["hashes"]))
    assert is_consistent(first_size, size, hashes, bytes.fromhex(first["root_hash"]), root)


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/v1/log/proofs/inclusion?position=1000000", 404, "not-covered"),
        ("/v1/log/proofs/inclusion?position=1&size=1000000", 404, "not-covered"),
        ("/v1/log/proofs/inclusion?position=2&size=1", 400, "parameter-invalid"),
        ("/v1/log/proofs/inclusion?position=0", 400, "parameter-invalid"),
        ("/v1/log/proofs/inclusion", 400, "parameter-missing"),
        ("/v1/log/proofs/consistency?from=2&to=1", 400, "parameter-invalid"),
        ("/v1/log/proofs/consistency?from=-1&to=1", 400, "parameter-invalid"),
        ("/v1/log/proofs/consistency?from=1&to=99999999", 404, "not-covered"),
        ("/v1/log/checkpoint?format=xml", 400, "parameter-invalid"),
        ("/v1/log/checkpoint?size=1", 400, "parameter-unknown"),
    ],
)
async def test_what_cannot_be_proved_is_a_problem(service: Asked, path: str, status: int, kind: str) -> None:
    await signed(service)
    response = await service.client.get(path)
    assert (response.status_code, response.json()["type"]) == (status, f"/problems/{kind}")
