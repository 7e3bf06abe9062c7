"""Text from data on a page: what cannot be seen is shown, and no text turns the order of what stands beside it."""

import re
from typing import Final

from markupsafe import Markup

# Control characters (C0 without line feed and tab, DEL, C1), line and paragraph separators, and what steers the direction of text.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]")


def visible(value: object) -> object:
    """The text with every control and direction character as `⟨U+202E⟩`; what is no plain text as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNSEEN.sub(
            lambda found: (
                f"\N{MATHEMATICAL LEFT ANGLE BRACKET}U+{ord(found[0]):04X}\N{MATHEMATICAL RIGHT ANGLE BRACKET}"
            ),
            value,
        )
    return value


def exact(value: object) -> Markup:
    """The text as a form sends it back: nothing of it is shown by another character."""
    return Markup.escape(value)


def isolated(value: object, otherwise: str = "") -> Markup:
    """The text from data, isolated from the direction of what stands beside it; `otherwise` where there is none."""
    if value is None or value == "":
        return Markup.escape(otherwise)
    return Markup("<bdi>{}</bdi>").format(visible(value))
