"""Old Office files and workbooks with a password, which are the same kind of container: named by what they hold."""

from io import BufferedReader

COMPOUND_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SEARCHED_AT_ONCE = 1024 * 1024
_SEARCHED_MAX = 256 * 1024 * 1024
_OVERLAP = 64

_LIKENESSES = (
    ("EncryptedPackage", "a workbook that is protected by a password; open it, save it without one, and import that"),
    ("Workbook", "an old Excel workbook (.xls); open it in a spreadsheet program and save it as .xlsx"),
    ("Book", "an old Excel workbook (.xls); open it in a spreadsheet program and save it as .xlsx"),
    ("WordDocument", "an old Word document (.doc); copy its table into a spreadsheet and save that as .xlsx"),
)


def compound_likeness(stream: BufferedReader) -> str:
    """What the container in `stream` holds, and what to do about it; by the names of its streams, the first of the list that it has."""
    found: set[str] = set()
    before = b""
    read = 0
    while (piece := stream.read(_SEARCHED_AT_ONCE)) and read < _SEARCHED_MAX:
        read += len(piece)
        searched = before + piece
        found.update(name for name, _ in _LIKENESSES if f"{name}\0".encode("utf-16-le") in searched)
        before = searched[-_OVERLAP:]
    return next((likeness for name, likeness in _LIKENESSES if name in found), "an old Office file")
