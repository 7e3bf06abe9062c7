"""All advisory locks stand in one register: no key is used twice, none is named elsewhere, and each says what it guards."""

import re
from pathlib import Path

from tiendo_contracts.database import advisory_locks
from tiendo_contracts.database.advisory_locks import ADVISORY_LOCKS, AdvisoryLock

ROOT = Path(__file__).parents[2]
REGISTER = Path(advisory_locks.__file__)
SOURCES = [
    path
    for folder in ("libs", "services", "migrations")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path != REGISTER
]
TAKEN_BY_NUMBER = re.compile(r"pg_(?:try_)?advisory_\w+\(\s*(?:0x|\d)")
A_KEY = re.compile(r"0x7469_?65|\b4716\b")


def test_keys_are_distinct_and_fit_their_form() -> None:
    keys = [lock.key for lock in ADVISORY_LOCKS]
    assert len(set(keys)) == len(keys)
    for lock in ADVISORY_LOCKS:
        assert 0 < lock.key < (2**31 if lock.numbered else 2**63)
        assert lock.guards


def test_every_lock_is_in_the_register() -> None:
    named = [value for value in vars(advisory_locks).values() if isinstance(value, AdvisoryLock)]
    assert sorted(lock.key for lock in named) == sorted(lock.key for lock in ADVISORY_LOCKS)


def test_no_other_module_names_a_key() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if TAKEN_BY_NUMBER.search(path.read_text(encoding="utf-8")) or A_KEY.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_whoever_takes_a_lock_names_it_from_the_register() -> None:
    takers = [path for path in SOURCES if "pg_advisory_" in path.read_text(encoding="utf-8")]
    assert takers
    for path in takers:
        assert "tiendo_contracts.database.advisory_locks" in path.read_text(encoding="utf-8"), path
