"""Where the typeface of documents lies: TeX Gyre Termes, a metric twin of Times New Roman, as `make setup` and the image install it."""

import sys
from pathlib import Path
from typing import Final

TYPEFACE: Final = "TeX Gyre Termes"
PLACE: Final = Path(sys.prefix) / "share" / "tiendo" / "fonts"
