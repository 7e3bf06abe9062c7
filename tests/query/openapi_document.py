"""The description of the interface, as the service gives it out: `python -m tests.query.openapi_document` writes it where it is committed."""

import json
import tempfile
from pathlib import Path
from typing import Any

import tiendo_ingest
import tiendo_query
from tiendo_runtime.settings import Settings
from tiendo_runtime.web import create_service

COMMITTED = Path(__file__).parents[2] / "openapi" / "tiendo.json"


def document() -> dict[str, Any]:
    """The description of ingest and query side together."""
    settings = Settings(data=Path(tempfile.gettempdir()))
    parts = [tiendo_ingest.part(), tiendo_query.part()]
    return create_service(parts, settings, "postgresql://nowhere/nothing").openapi()


def as_text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    COMMITTED.parent.mkdir(exist_ok=True)
    COMMITTED.write_text(as_text(), encoding="utf-8")
