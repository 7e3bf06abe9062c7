"""The descriptions of what goes over Kafka: `python -m tests.contracts.messages.documents` writes them where they are committed.

With the word `release` it also keeps the schemas as those of the present contract's version, which no later schema may break.
"""

import hashlib
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tiendo_contracts.messages import TopicKind
from tiendo_contracts.messages.asyncapi import asyncapi_document
from tiendo_contracts.messages.schemas import schema_document
from tiendo_contracts.messages.states import CONTRACT_VERSION

OPENAPI = Path(__file__).parents[3] / "openapi"
RELEASED = OPENAPI / "messages" / "released"
SUMS = "SHA256SUMS"


@cache
def documents() -> dict[Path, str]:
    """Every generated document as it is committed, by its place."""
    schemas = {OPENAPI / "messages" / schema_name(kind): schema_document(kind) for kind in TopicKind}
    return {
        path: _text_of(document)
        for path, document in {OPENAPI / "asyncapi.json": asyncapi_document(), **schemas}.items()
    }


def schema_name(kind: str) -> str:
    """The name of the file of a kind's schema."""
    return f"{kind}.schema.json"


def sums_of(folder: Path) -> str:
    """The digests of all files of a folder, as `sha256sum --check` reads them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files
    )


def write() -> None:
    """Write the documents."""
    for path, text in documents().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def release() -> None:
    """Keep the schemas as released. Raises FileExistsError where this version has been released before: raise CONTRACT_VERSION first."""
    folder = RELEASED / CONTRACT_VERSION
    folder.mkdir(parents=True)
    for kind in TopicKind:
        (folder / schema_name(kind)).write_text(_text_of(schema_document(kind)), encoding="utf-8")
    (RELEASED / SUMS).write_text(sums_of(RELEASED), encoding="utf-8")


def _text_of(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    write()
    if "release" in sys.argv[1:]:
        release()
