"""A certificate authority for one run of the tests, and the certificate of the broker that it signed."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

ELLIPTIC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


@dataclass(slots=True, kw_only=True, frozen=True)
class Authority:
    """The files of an authority: `certificate` for clients to trust, `server` with the broker's key and certificate."""

    certificate: Path
    server: Path


def make_authority(folder: Path) -> Authority:
    """A new authority and a certificate by it for 127.0.0.1 and localhost, valid for two days."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, authority_key = folder / "authority.pem", folder / "authority.key"
    _openssl("req", "-x509", *ELLIPTIC, "-keyout", authority_key, "-out", authority, "-days", "2", "-subj", "/CN=tests")
    key, request, signed = folder / "server.key", folder / "server.csr", folder / "server.crt"
    _openssl("req", "-new", *ELLIPTIC, "-keyout", key, "-out", request, "-subj", "/CN=localhost")
    names = folder / "names"
    names.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    by = ("-CA", authority, "-CAkey", authority_key, "-CAcreateserial")
    _openssl("x509", "-req", "-in", request, *by, "-out", signed, "-days", "2", "-extfile", names)
    server = folder / "server.pem"
    server.write_text(key.read_text() + signed.read_text() + authority.read_text())
    return Authority(certificate=authority, server=server)


def _openssl(*arguments: str | Path) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
