"""How an attempt to tell somebody ended, whichever way it went."""

from dataclasses import dataclass

from tiendo_event_store.deliveries.webhook_deliveries import AttemptOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How an attempt ended. `final`: nothing more is to be tried; `retry_after`: seconds for which whoever is there asked to be left alone."""

    outcome: AttemptOutcome
    final: bool = False
    retry_after: float = 0.0

    @property
    def arrived(self) -> bool:
        """Whether it was taken."""
        return self.outcome.failure is None
