"""What SECURITY.md says is held by tests that it names, and they are there."""

import re
from pathlib import Path

import pytest
from tests.documents.reading import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w./]+\.py(?:::\w+)?)`", TEXT)))
CLAIMS = re.compile(r"^- (?:Can|Cannot|Makes no|Whose|Its key)\b.*", re.MULTILINE)


@pytest.mark.parametrize("named", NAMED)
def test_every_test_that_it_names_is_there(named: str) -> None:
    file, _, name = named.partition("::")
    assert Path(ROOT / file).is_file()
    assert not name or re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "who",
    ["outsider", "sender", "reader", "clerk", "administrator of the database", "administrator of the machine"],
)
def test_it_says_of_each_what_they_can_do_and_what_holds_or_shows_it(who: str) -> None:
    sections = re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]
    (section,) = [one for one in sections if who in one.splitlines()[0].lower()]
    assert CLAIMS.findall(section)
    assert "`tests/" in section
