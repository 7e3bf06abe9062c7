"""What was seen last of a dossier and what has been told of it: kept between two polls, as JSON. It names officers by id alone where they have one."""

from datetime import datetime

import msgspec
from msgspec import Struct, field

from tiendo_sources.igate.statuses import StatusKind


class SeenTask(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A task: the key of its officer, whether it was the current one, when it began, and its step."""

    created_at: datetime
    officer: str | None = None
    current: bool = False
    step: str | None = None


class Seen(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A dossier: the case it is, the code that it bears if that is another by now, what its gateway said last, and what was told.

    `stage` is where it stands by what was told, `status` the id that said so. `received_at` and `due_at` are as told; `holder` is the task
    that was told last to have the case. `untimed` counts the facts that bear our receipt, for want of an instant of the gateway's.
    """

    case_id: str
    code: str | None = None
    stage: StatusKind | None = None
    status: str | None = None
    submitted: bool = False
    received_at: datetime | None = None
    due_at: datetime | None = None
    holder: str | None = None
    untimed: int = 0
    updated_at: datetime | None = None
    tasks: dict[str, SeenTask] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """As JSON, to be kept."""
        return msgspec.json.encode(self).decode()


_DECODER = msgspec.json.Decoder(Seen)


def seen_of(text: str) -> Seen:
    """What was kept as JSON."""
    return _DECODER.decode(text)
