"""The demonstration: its data, loaded once in the background by a process of its own, and what became of its delays."""

import asyncio
import json
from pathlib import Path
from typing import Final

import httpx
import structlog

from tiendo_cli.supervision.children import Child, ChildProgram
from tiendo_cli.supervision.demo_keys import DemoKeys
from tiendo_cli.supervision.demo_story import RULES, DemoStory, StoryRefused

PRESET: Final = "kontum-2022"
SCALE: Final = "0.02"
_PAUSES_SECONDS: Final = (2.0, 5.0, 10.0, 20.0, 0.0)
_LOAD: Final = ("simulate", "--preset", PRESET, "--scale", SCALE, "--load")

_journal = structlog.get_logger("tiendo.up")


class Demonstration:
    """Brings the data into a log that does not have them yet; to do it again is harmless, so what was interrupted is begun anew."""

    def __init__(self, data: Path, log_id: str, environment: dict[str, str], keys: DemoKeys) -> None:
        self._note = data / "demo.json"
        self._rules = data / "demo-rules.toml"
        self._shares = data / "demo-shares.json"
        self._wanted = {"log_id": log_id, "preset": PRESET, "scale": SCALE, "story": 1}
        self._environment = environment
        self._keys = keys
        self._child: Child | None = None
        self._stopping = False

    @property
    def is_done(self) -> bool:
        """Whether this log has everything already."""
        try:
            return bool(json.loads(self._note.read_text(encoding="utf-8")) == self._wanted)
        except (FileNotFoundError, ValueError):
            return False

    async def run(self, address: str) -> None:
        """Bring everything in, the story through the service at `address`, and note it. What fails is tried again some times; nothing else depends on it."""
        for pause in _PAUSES_SECONDS:
            reason = await self._attempt(address)
            if self._stopping:
                return
            if reason is None:
                self._note.write_text(json.dumps(self._wanted), encoding="utf-8")
                return
            _journal.warning("the demonstration's data did not come in, and are tried again", reason=reason)
            await asyncio.sleep(pause)
        _journal.error("the demonstration's data are not there; everything else runs")

    async def stop(self) -> None:
        """End the loading."""
        self._stopping = True
        if self._child is not None:
            await self._child.stop()

    async def _attempt(self, address: str) -> str | None:
        """Why not all of it is there; None when it is."""
        self._rules.write_text(RULES, encoding="utf-8")
        for arguments in (_LOAD, ("rules", "apply", str(self._rules))):
            self._child = await Child.start(
                ChildProgram(name="demo", arguments=arguments, environment=self._environment)
            )
            status = await asyncio.shield(self._child.ended)
            if status or self._stopping:
                return f"tiendo {arguments[0]} ended with {status}"
        try:
            await DemoStory(address, self._keys, self._shares).tell()
        except (StoryRefused, httpx.HTTPError) as error:
            return f"{type(error).__name__}: {error}"
        return None
