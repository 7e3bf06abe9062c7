"""Where people sign in: paths that the web service answers and commands print."""

from typing import Final

PATH: Final = "/sign-in"
LINK_PATH: Final = "/sign-in/link/"
"""Behind it stands the text of a one-time link."""
