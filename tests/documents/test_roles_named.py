"""The operations page makes each login role of the database before a restore, and names it for administrators who make them by hand."""

import re

from tests.documents.reading import ROOT

from tiendo_contracts.database.database_roles import DatabaseRole

PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def test_a_restore_makes_every_role() -> None:
    (made,) = re.findall(r"^for role in ([a-z_ ]+); do\n +psql .*CREATE ROLE tiendo_\$role ", PAGE, re.MULTILINE)
    assert {f"tiendo_{role}" for role in made.split()} == set(DatabaseRole)


def test_every_role_is_named_for_the_administrator() -> None:
    (settings,) = re.findall(r"^\*\*A PostgreSQL of your own\.\*\* The user.*", PAGE, re.MULTILINE)
    assert set(re.findall(r"`(tiendo_[a-z_]+)`", settings)) == set(DatabaseRole)
