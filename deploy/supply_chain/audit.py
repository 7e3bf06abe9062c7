"""Says which packages of the lock file have a known vulnerability: `python -m deploy.supply_chain.audit requirements.lock [ADVISORIES]`.

ADVISORIES is an export of OSV (https://osv.dev): the zip of an ecosystem, a folder of records, one record, or a list of them as JSON. Without it
the zip is fetched; where that cannot be reached, this says so and ends with 0: nothing was audited. It ends with 1 if something is affected.
"""

import argparse
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import httpx
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

EXPORT: Final = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip"
ECOSYSTEM: Final = "PyPI"
_FETCH_SECONDS: Final = 120.0
_LOCKED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A package of the lock file that a record says is affected; `mended_in` are versions that no longer are."""

    package: str
    version: str
    record: Record
    mended_in: tuple[str, ...]

    def __str__(self) -> str:
        names = ", ".join(sorted(names_of(self.record)))
        mended = f"mended in {' or '.join(self.mended_in)}" if self.mended_in else "no version is said to mend it"
        return f"{self.package} {self.version}: {names}: {self.record.get('summary', 'no summary')}; {mended}"


def locked(text: str) -> dict[str, str]:
    """The version of each package that a lock file names, by its normal name."""
    return {canonicalize_name(name): version for name, version in _LOCKED.findall(text)}


def findings(packages: dict[str, str], records: Iterable[Record]) -> list[Finding]:
    """What is affected, each vulnerability once though several records tell of it; records that were withdrawn do not count."""
    found: list[Finding] = []
    told: set[tuple[str, str]] = set()
    for record in sorted(records, key=lambda record: str(record["id"])):
        if "withdrawn" in record:
            continue
        for affected in record.get("affected", ()):
            name = canonicalize_name(affected.get("package", {}).get("name", ""))
            if affected.get("package", {}).get("ecosystem") != ECOSYSTEM or name not in packages:
                continue
            names = {(name, each) for each in names_of(record)}
            if is_affected(packages[name], affected) and not names & told:
                found.append(Finding(package=name, version=packages[name], record=record, mended_in=_mended(affected)))
                told |= names
    return found


def names_of(record: Record) -> set[str]:
    """The names under which a vulnerability is known."""
    return {str(record["id"]), *record.get("aliases", ())}


def is_affected(version: str, affected: Record) -> bool:
    """Whether a version is among those that are listed, or lies in one of the ranges, as the OSV schema evaluates them."""
    if version in affected.get("versions", ()):
        return True
    ranges = [each for each in affected.get("ranges", ()) if each.get("type") in {"ECOSYSTEM", "SEMVER"}]
    return any(_lies_in(Version(version), each["events"]) for each in ranges)


def _lies_in(version: Version, events: Iterable[dict[str, str]]) -> bool:
    inside = False
    for at, kind in sorted(_points(events), key=lambda point: (point[0], point[1] != "introduced")):
        if kind == "introduced" and version >= at:
            inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def _points(events: Iterable[dict[str, str]]) -> Iterator[tuple[Version, str]]:
    """Instants of a range in versions; what is no version of Python's is passed over, for then each version is listed."""
    for event in events:
        for kind, at in event.items():
            try:
                yield Version("0.dev0" if at == "0" else at), kind
            except InvalidVersion:
                continue


def _mended(affected: Record) -> tuple[str, ...]:
    events = [event for each in affected.get("ranges", ()) if each.get("type") != "GIT" for event in each["events"]]
    return tuple(dict.fromkeys(event["fixed"] for event in events if "fixed" in event))


def records_of(path: Path) -> Iterator[Record]:
    """The records of an export: a zip, a folder, or a file of JSON with one record or a list."""
    if path.is_dir():
        for file in sorted(path.glob("*.json")):
            yield from _parsed(file.read_bytes())
    elif zipfile.is_zipfile(path):
        yield from _unpacked(path.read_bytes())
    else:
        yield from _parsed(path.read_bytes())


def _unpacked(content: bytes) -> Iterator[Record]:
    with zipfile.ZipFile(BytesIO(content)) as export:
        for name in export.namelist():
            if name.endswith(".json"):
                yield from _parsed(export.read(name))


def _parsed(text: bytes) -> Iterator[Record]:
    parsed = json.loads(text)
    yield from parsed if isinstance(parsed, list) else [parsed]


def main(arguments: list[str]) -> int:
    """The exit status, with what was found on standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lock", type=Path)
    parser.add_argument("advisories", type=Path, nargs="?")
    parser.add_argument("--export", default=EXPORT, help="where the export is fetched from")
    asked = parser.parse_args(arguments)
    packages = locked(asked.lock.read_text(encoding="utf-8"))
    try:
        records = list(records_of(asked.advisories) if asked.advisories else _unpacked(_fetched(asked.export)))
    except httpx.HTTPError as fault:
        print(f"no advisories can be reached ({fault}): nothing was audited; say ADVISORIES=FILE, an export of OSV")
        return 0
    found = findings(packages, records)
    for finding in found:
        print(finding)
    print(f"{len(packages)} packages held against {len(records)} advisories: {len(found)} findings")
    return 1 if found else 0


def _fetched(address: str) -> bytes:
    return httpx.get(address, timeout=_FETCH_SECONDS, follow_redirects=True).raise_for_status().content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
