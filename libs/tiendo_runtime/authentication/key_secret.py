"""The secret under which keys are stored and their facts are sealed. It lies outside the database, so that a copy of that opens nothing."""

import hmac
import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from tiendo_contracts.texts.canonical_json import canonical
from tiendo_runtime.errors import KeySecretMissing, KeySecretUnusable

SIZE: Final = 32

_DIGEST: Final = b"tiendo digest of a key"
_SEAL: Final = b"tiendo fact of a key"
_PERSON: Final = b"tiendo person of a session or link"
_SIGNING: Final = b"tiendo signed in the name of a key"
_FINGERPRINT: Final = b"tiendo fingerprint of this secret"
_FINGERPRINT_CHARACTERS: Final = 16


@dataclass(frozen=True, slots=True)
class KeySecret:
    """What is made under the secret; each use has a name of its own, so that none stands in for another."""

    _value: bytes = field(repr=False)

    def digest(self, plain_digest: bytes) -> bytes:
        """What is stored of a key whose secret has this SHA-256."""
        return self._made(_DIGEST, plain_digest)

    def seal(self, statement: Any) -> str:  # noqa: ANN401 - any JSON value
        """What proves that the holder of the secret said this, hexadecimal."""
        return self._made(_SEAL, canonical(statement)).hex()

    def seal_of_person(self, statement: Any) -> str:  # noqa: ANN401 - any JSON value
        """What proves that the holder of the secret said who somebody is, hexadecimal."""
        return self._made(_PERSON, canonical(statement)).hex()

    def signing_key(self, digest: bytes) -> bytes:
        """The key under which something is signed in the name of a key with this stored digest."""
        return self._made(_SIGNING, digest)

    async def found(self) -> "KeySecret":
        """The secret itself, for who would else have to look for it."""
        return self

    @property
    def fingerprint(self) -> str:
        """What tells this secret from others, and gives nothing of it away."""
        return self._made(_FINGERPRINT, b"").hex()[:_FINGERPRINT_CHARACTERS]

    def _made(self, purpose: bytes, content: bytes) -> bytes:
        return hmac.new(self._value, purpose + b"\x00" + content, sha256).digest()


def load_key_secret(path: Path) -> KeySecret:
    """The secret in the file. Raises KeySecretMissing, KeySecretUnusable."""
    try:
        value = bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        raise KeySecretMissing(path) from None
    except ValueError:
        raise KeySecretUnusable(path, f"it does not hold {2 * SIZE} hexadecimal digits") from None
    except OSError as error:
        raise KeySecretUnusable(path, error.strerror or "it cannot be read") from None
    if len(value) != SIZE:
        raise KeySecretUnusable(path, f"it does not hold {2 * SIZE} hexadecimal digits")
    return KeySecret(value)


def found_or_made(path: Path) -> KeySecret:
    """The secret in the file, which is made if it is not there. Raises KeySecretUnusable."""
    return load_key_secret(path) if path.exists() else make_key_secret(path)


def make_key_secret(path: Path) -> KeySecret:
    """A new secret in a new file, for its owner alone; where another process was faster, that one's. Raises KeySecretUnusable."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SIZE) + "\n")
            file.flush()
            os.fsync(file.fileno())
        _put(temporary, path)
    except OSError as error:
        raise KeySecretUnusable(path, error.strerror or "it cannot be written") from None
    return load_key_secret(path)


def _put(temporary: Path, path: Path) -> None:
    """Give the file its name unless there is one, and let that outlive the end of the machine."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
