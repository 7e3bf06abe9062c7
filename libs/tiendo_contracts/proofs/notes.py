"""Checkpoints as signed notes: C2SP tlog-checkpoint in C2SP signed-note, with Ed25519.

A note is the text of the checkpoint (origin, size, root in base64, a line each), an empty line, and a line for each signature.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
_KEY_BYTES: Final = 32
_ROOT_BYTES: Final = 32
_NAME_PREFIX: Final = "tiendo/"
_NOTE: Final = re.compile(r"(?P<text>(?:[^\n—][^\n]*\n){3,})\n(?P<signatures>(?:— [^\n]+\n)+)")
_SIGNATURE: Final = re.compile(r"— (?P<name>\S+) (?P<value>[A-Za-z0-9+/=]+)")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class NoteInvalidError(ValueError):
    """What should be a signed checkpoint, or a verifier key, and is none."""


def name_of_log(log_id: UUID) -> str:
    """The origin of a log's checkpoints, and the name of its key."""
    return f"{_NAME_PREFIX}{log_id}"


def log_of_name(name: str) -> UUID | None:
    """The log of an origin; None for one that is not of tiendo."""
    try:
        return UUID(name.removeprefix(_NAME_PREFIX)) if name.startswith(_NAME_PREFIX) else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class NoteKey:
    """The public half of a key: 32 bytes of Ed25519. Its id in a note depends on the name that it signs under."""

    raw: bytes

    def id_under(self, name: str) -> bytes:
        """The four bytes by which a signature names the key."""
        return sha256(name.encode() + b"\n" + _ED25519 + self.raw).digest()[:_KEY_ID_BYTES]

    def verifier_key(self, name: str) -> str:
        """What others verify with, as signed-note writes it: name, id and key."""
        return f"{name}+{self.id_under(name).hex()}+{base64.b64encode(_ED25519 + self.raw).decode()}"

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Whether the key made the signature of the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text)
        except InvalidSignature:
            return False
        return True


def key_of_verifier(text: str) -> NoteKey:
    """The key in a verifier key, whichever name it is for. Raises NoteInvalidError."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    decoded = _decoded(encoded)
    if decoded[:1] != _ED25519 or len(decoded) != 1 + _KEY_BYTES:
        raise NoteInvalidError("no Ed25519 verifier key: it has the form NAME+ID+KEY")
    key = NoteKey(decoded[1:])
    if key.id_under(name).hex() != key_id:
        raise NoteInvalidError("the verifier key's id is not that of its name and key")
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedNote:
    """A signed checkpoint as it was read; whether a signature holds is asked with a key."""

    origin: str
    size: int
    root: bytes
    text: str
    signatures: Sequence[tuple[str, bytes]]

    @property
    def whole(self) -> str:
        """The note as it was read."""
        lines = "".join(f"— {name} {base64.b64encode(value).decode()}\n" for name, value in self.signatures)
        return f"{self.text}\n{lines}"

    def is_signed_by(self, key: NoteKey) -> bool:
        """Whether the key signed this under the checkpoint's own name."""
        key_id = key.id_under(self.origin)
        return any(
            name == self.origin
            and value[:_KEY_ID_BYTES] == key_id
            and key.verifies(value[_KEY_ID_BYTES:], self.text.encode())
            for name, value in self.signatures
        )


def signed_note(key: Ed25519PrivateKey, *, origin: str, size: int, root: bytes) -> SignedNote:
    """The checkpoint of a tree, signed under its origin."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    public = NoteKey(key.public_key().public_bytes_raw())
    value = public.id_under(origin) + key.sign(text.encode())
    return SignedNote(origin=origin, size=size, root=root, text=text, signatures=((origin, value),))


def read_note(text: str) -> SignedNote:
    """The one note in a text. Raises NoteInvalidError."""
    found = list(read_notes(text))
    if len(found) != 1:
        raise NoteInvalidError(f"one signed note is wanted, here are {len(found)}")
    return found[0]


def read_notes(text: str, *, lines_before: int = 0) -> Iterator[SignedNote]:
    """The notes that stand one after another in a text, empty lines between them or not. Raises NoteInvalidError, with the line of its file."""
    place = 0
    while place < len(text):
        if text[place] == "\n":
            place += 1
            continue
        found = _NOTE.match(text, place)
        if found is None:
            line = lines_before + text.count("\n", 0, place) + 1
            raise NoteInvalidError(f"line {line}: no signed checkpoint begins here")
        yield _note(found["text"], found["signatures"])
        place = found.end()


def last_note_in(text: str) -> SignedNote | None:
    """The last whole note in a text, whatever stands before it; None where there is none. Raises NoteInvalidError for what only looks like one."""
    found = None
    for found in _NOTE.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    return None if found is None else _note(found["text"], found["signatures"])


def _note(text: str, signatures: str) -> SignedNote:
    origin, size, root, *_ = text.splitlines()
    if _SIZE.fullmatch(size) is None:
        raise NoteInvalidError(f"{size!r} is no size of a tree")
    decoded = _decoded(root)
    if len(decoded) != _ROOT_BYTES:
        raise NoteInvalidError("the root of a checkpoint has 32 bytes")
    values = [_SIGNATURE.fullmatch(line) for line in signatures.splitlines()]
    named = [(value["name"], _decoded(value["value"])) for value in values if value is not None]
    return SignedNote(origin=origin, size=int(size), root=decoded, text=text, signatures=tuple(named))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteInvalidError(f"{text[:80]!r} is not base64") from None
