"""The key that checkpoints of the log are signed with: a file outside the database, which nobody else may read."""

import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tiendo_contracts.proofs.notes import NoteKey
from tiendo_runtime.errors import LogKeyUnusable

_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700


def read_log_key(file: Path) -> Ed25519PrivateKey:
    """The key in the file (PEM, PKCS #8). Raises LogKeyUnusable."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except FileNotFoundError:
        raise LogKeyUnusable(file, "there is no such file") from None
    except OSError as error:
        raise LogKeyUnusable(file, f"cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise LogKeyUnusable(file, "holds no key in PEM") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise LogKeyUnusable(file, "holds another kind of key than Ed25519")
    return key


def make_log_key(file: Path) -> Ed25519PrivateKey:
    """The key in the file, made now unless it is there: of several who make it at once all get the same. Raises LogKeyUnusable, and OSError."""
    if file.exists():
        return read_log_key(file)
    file.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    write_log_key(new, Ed25519PrivateKey.generate())
    try:
        # Not `replace`: whoever is first stays.
        os.link(new, file)
    except FileExistsError:
        pass
    finally:
        new.unlink()
    return read_log_key(file)


def next_key_file(file: Path) -> Path:
    """Where the key lies that takes the place of the one in the file once the log says so."""
    return file.with_name(f"{file.name}.next")


def make_next_key(file: Path) -> Ed25519PrivateKey:
    """The key that is to take the place of the one in the file; one that was made before and never took it is forgotten. Raises OSError."""
    next_key_file(file).unlink(missing_ok=True)
    write_log_key(next_key_file(file), Ed25519PrivateKey.generate())
    return read_log_key(next_key_file(file))


def take_next_key(file: Path, said: NoteKey) -> None:
    """Put the next key in the place of the key in the file, if it is the one that the log says. Raises LogKeyUnusable, and OSError."""
    new = next_key_file(file)
    if new.exists() and public_key_of(read_log_key(new)) == said:
        new.replace(file)


def write_log_key(file: Path, key: Ed25519PrivateKey) -> None:
    """Write the key into a new file that nobody else may read, at no moment. Raises OSError, also where the file is there."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        opened.flush()
        os.fsync(opened.fileno())


def public_key_of(key: Ed25519PrivateKey) -> NoteKey:
    """The public half of a key."""
    return NoteKey(key.public_key().public_bytes_raw())
