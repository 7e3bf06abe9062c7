"""The demonstration's data, loaded once in the background by a process of its own."""

import asyncio
import json
from pathlib import Path
from typing import Final

import structlog

from tiendo_cli.supervision.children import Child, ChildProgram

PRESET: Final = "kontum-2022"
SCALE: Final = "0.02"
_PAUSES_SECONDS: Final = (2.0, 5.0, 10.0, 20.0, 0.0)
_ARGUMENTS: Final = ("simulate", "--preset", PRESET, "--scale", SCALE, "--load")

_journal = structlog.get_logger("tiendo.up")


class DemoLoad:
    """Loads the data into a log that does not have them yet; loading again is harmless, so an interrupted load is begun anew."""

    def __init__(self, data: Path, log_id: str, environment: dict[str, str]) -> None:
        self._note = data / "demo.json"
        self._wanted = {"log_id": log_id, "preset": PRESET, "scale": SCALE}
        self._program = ChildProgram(name="demo", arguments=_ARGUMENTS, environment=environment)
        self._child: Child | None = None
        self._stopping = False

    @property
    def is_done(self) -> bool:
        """Whether this log has the data already."""
        try:
            return bool(json.loads(self._note.read_text(encoding="utf-8")) == self._wanted)
        except (FileNotFoundError, ValueError):
            return False

    async def run(self) -> None:
        """Load, and note it. What fails is tried again some times; nothing else depends on it."""
        for pause in _PAUSES_SECONDS:
            self._child = await Child.start(self._program)
            status = await asyncio.shield(self._child.ended)
            if status == 0:
                self._note.write_text(json.dumps(self._wanted), encoding="utf-8")
                return
            if self._stopping:
                return
            _journal.warning("the loading of the demonstration's data ended and is tried again", status=status)
            await asyncio.sleep(pause)
        _journal.error("the demonstration's data were not loaded; everything else runs")

    async def stop(self) -> None:
        """End the loading."""
        self._stopping = True
        if self._child is not None:
            await self._child.stop()
