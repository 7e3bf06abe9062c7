"""A document as PDF, set by a process of its own."""

import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from tiendo_documents.administrative import AdministrativeDocument
from tiendo_documents.errors import NotSet
from tiendo_documents.pdf.document_json import content
from tiendo_documents.pdf.typefaces import PLACE

_PROGRAM: Final = str(Path(__file__).with_name("setting.py"))
_TEMPLATE: Final = str(Path(__file__).with_name("administrative.typ"))
_NO_TIME: Final = 0
_SECONDS_MAX: Final = 180
_AT_ONCE: Final = BoundedSemaphore(2)


def pdf(document: AdministrativeDocument) -> bytes:
    """The file, with the typeface in it. Raises TableUneven, TooLong, and NotSet."""
    made_at = _NO_TIME if document.made_at is None else int(document.made_at.timestamp())
    program = [sys.executable, "-I", _PROGRAM, _TEMPLATE, str(PLACE), str(made_at)]
    said = content(document).encode()
    with _AT_ONCE:
        try:
            done = subprocess.run(program, input=said, capture_output=True, check=False, timeout=_SECONDS_MAX)  # noqa: S603 - our own program
        except subprocess.TimeoutExpired as error:
            raise NotSet(f"not done after {_SECONDS_MAX} seconds") from error
    if done.returncode:
        raise NotSet(done.stderr.decode(errors="replace")[-2_000:])
    return done.stdout
