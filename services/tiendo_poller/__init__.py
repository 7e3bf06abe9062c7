"""The poller: asks a gateway again and again what changed of its dossiers, and appends what follows from it to the log."""

from tiendo_poller.errors import PollerError
from tiendo_poller.running import run

__all__ = ["PollerError", "run"]
