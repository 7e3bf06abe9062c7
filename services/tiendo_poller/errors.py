"""Errors of the poller.

PollerError
├── GatewayFault      passes: the gateway did not answer, or not as it should; the same is asked again
├── PollerLockLost    the connection that holds the poller's lock is gone: it is taken again
└── AnotherPoller     another poller is at work on this database: this one ends (also a RuntimeFault)
"""

from tiendo_runtime.errors import RuntimeFault


class PollerError(Exception):
    """Any error of the poller."""


class GatewayFault(PollerError):  # noqa: N818 - the house's word for what passes
    """The gateway did not answer as it should; `retry_after_seconds` is how long it wants to be left alone."""

    def __init__(self, what: str, *, retry_after_seconds: float = 0.0) -> None:
        super().__init__(what)
        self.retry_after_seconds = retry_after_seconds


class PollerLockLost(PollerError):  # noqa: N818 - a state that the loop acts on
    """The connection that holds the lock does not answer, or has been replaced."""


class AnotherPoller(PollerError, RuntimeFault):  # noqa: N818 - what an operator has to know
    """Another poller is at work on this database."""

    def __init__(self) -> None:
        super().__init__(
            "another poller is at work on this database: two would tell one change twice; stop that one, or let it be"
        )
