"""The documents of the repository and what stands in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULE_BOOK = ROOT / "docs/rulebook.md"
DECISIONS = ROOT / "docs/decisions"
HOW_TO = ROOT / "docs/how-to"


def tells_of_today(path: Path) -> bool:
    """Whether all that a document names is there now: a decision tells of its day, a how-to of what the reader adds (a test follows it)."""
    return not path.is_relative_to(DECISIONS) and not path.is_relative_to(HOW_TO)


_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")


def documents() -> list[Path]:
    """Every document that a reader of the repository meets."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")]
    return sorted(path for path in found if "node_modules" not in path.parts)


def name_of(path: Path) -> str:
    """The path within the repository, for the names of tests."""
    return str(path.relative_to(ROOT))


def prose_of(text: str) -> str:
    """The text without its blocks of code."""
    return _FENCE.sub("", text)


def snippets_of(text: str) -> list[str]:
    """What stands as code: the lines of shell blocks without their comments, continued lines joined, and code within the prose."""
    lines = [
        line.split(" #", 1)[0].strip()
        for language, block in _FENCE.findall(text)
        if language in {"sh", "bash", "console", ""}
        for line in block.replace("\\\n", " ").splitlines()
    ]
    return [line for line in lines if line] + _INLINE.findall(prose_of(text))
