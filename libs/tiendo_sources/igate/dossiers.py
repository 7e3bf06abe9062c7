"""A dossier as the translation needs it: what its gateway says of it, without the field names, and without whatever concerns the applicant."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IgateUnit:
    """An agency, or a group of people one of whom is to take a task up; `parent` is named as the unit itself is, by its code or by its id."""

    id: str | None
    name: str | None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A person by id; the name is as this task writes it."""

    id: str | None
    name: str | None

    @property
    def key(self) -> str:
        """What tells one officer from another."""
        return f"#{self.name}" if self.id is None else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStep:
    """A step of the internal process with its allotment in working minutes."""

    id: str | None
    name: str | None
    allotted_minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step in one pair of hands. `unit` is the queue that it waits in, or its officer's; `queued`: a group had it before an officer could.

    `created_at` is when its holder got it, `updated_at` when it was last touched: claimed, while nothing else happens, or finished.
    """

    id: str
    officer: Officer | None
    unit: IgateUnit | None
    queued: bool
    current: bool
    created_at: datetime
    updated_at: datetime | None
    step: TaskStep | None

    @property
    def step_id(self) -> str | None:
        """What tells its step from others."""
        return None if self.step is None else self.step.id


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierStatus:
    """The status by its id as text, and what the gateway calls it."""

    id: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """A procedure or a field."""

    id: str | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What a gateway says of one dossier; instants are aware. `tasks` stand in the order in which they began.

    `norm_minutes` is the time of the whole procedure, `updated_at` when the gateway changed the dossier last.
    """

    id: str
    case_id: str
    status: DossierStatus | None
    procedure: CatalogueEntry | None
    field: CatalogueEntry | None
    channel: str | None
    agency: IgateUnit | None
    accepter: Officer | None
    applied_at: datetime | None
    accepted_at: datetime | None
    due_at: datetime | None
    norm_minutes: int | None
    updated_at: datetime | None
    tasks: tuple[Task, ...]
