"""What an outsider knows who verifies the log: RFC 9162 section 2.1, RFC 8785 and the signed notes of C2SP, written from their texts alone."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def hash_leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_head(leaves: Sequence[bytes]) -> bytes:
    """MTH of 2.1.1 over hashed leaves."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hash_children(tree_head(leaves[:split]), tree_head(leaves[split:]))


def includes(leaf_index: int, tree_size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """2.1.3.2, step by step."""
    if leaf_index >= tree_size:
        return False
    number, last, result = leaf_index, tree_size - 1, leaf
    for one in path:
        if last == 0:
            return False
        if number & 1 or number == last:
            result = hash_children(one, result)
            if not number & 1:
                while number and not number & 1:
                    number >>= 1
                    last >>= 1
        else:
            result = hash_children(result, one)
        number >>= 1
        last >>= 1
    return last == 0 and result == root


def is_consistent(first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """2.1.4.2, step by step."""
    if first == second:
        return not path and first_root == second_root
    if first == 0 or not path:
        return False
    hashes = [first_root, *path] if first & (first - 1) == 0 else list(path)
    number, last = first - 1, second - 1
    while number & 1:
        number >>= 1
        last >>= 1
    older = newer = hashes[0]
    for one in hashes[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            older, newer = hash_children(one, older), hash_children(one, newer)
            if not number & 1:
                while number and not number & 1:
                    number >>= 1
                    last >>= 1
        else:
            newer = hash_children(newer, one)
        number >>= 1
        last >>= 1
    return last == 0 and older == first_root and newer == second_root


def leaf_of_entry(entry: Mapping[str, Any]) -> bytes:
    """The hashed leaf of an entry of `/v1/events`."""
    commitment = entry["commitment"]
    if commitment is None:
        commitment = hmac.digest(bytes.fromhex(entry["salt"]), rfc8785.dumps(entry["event"]), "sha256").hex()
    leaf = {"commitment": commitment, "ingested_at": entry["ingested_at"], "position": entry["position"]}
    return hash_leaf(rfc8785.dumps(leaf))


def opened_note(note: str, verifier_key: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a note that the key has signed; fails for any other."""
    name, key_id, encoded = verifier_key.strip().split("+", 2)
    key = base64.b64decode(encoded)
    assert key[0] == 1
    assert hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() == key_id
    text, signatures = note.split("\n\n")
    for line in signatures.splitlines():
        dash, signer, value = line.split(" ")
        signature = base64.b64decode(value)
        if (dash, signer, signature[:4].hex()) == ("—", name, key_id):
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], f"{text}\n".encode())
            origin, size, root = text.split("\n")
            return origin, int(size), base64.b64decode(root)
    raise AssertionError("the key has not signed this")
