"""The program that sets one document: JSON comes in, a PDF goes out; all that typst keeps in memory ends with it.

Started as a file, `setting.py TEMPLATE FONTS TIMESTAMP`, so that it imports typst and nothing else.
"""

import resource
import sys
from pathlib import Path
from typing import Final

from typst import Compiler, Fonts

MEMORY_MAX: Final = 6 * 1024**3
TAGGED_MAX: Final = 250_000
"""Characters of content up to which a PDF is tagged for screen readers: beyond, tags are most of a file."""


def set_document(template: Path, fonts: Path, timestamp: int, content: str) -> bytes:
    """The PDF. Typefaces are those in `fonts`; where there is no such folder, those of the system; typst's own last."""
    found = Fonts(include_system_fonts=not fonts.is_dir(), include_embedded_fonts=True, font_paths=[str(fonts)])
    compiler = Compiler(template.read_bytes(), font_paths=found, sys_inputs={"document": content})
    set_ = compiler.compile(format="pdf", timestamp=timestamp, pdf_tags=len(content) <= TAGGED_MAX)
    if not isinstance(set_, bytes):
        raise TypeError(set_)
    return set_


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    pdf = set_document(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.stdin.buffer.read().decode("utf-8"))
    sys.stdout.buffer.write(pdf)
