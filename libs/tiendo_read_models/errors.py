"""Errors of the read models.

ReadModelError
├── NoLiveBuild        no build of the read models is live yet: start a projector
├── CheckpointMoved    another projector has advanced the shard: abandon the batch
├── CaseNotToBeShown   a case is seen in part, and nobody says by whom: it is not shown
├── PositionNotReached the projection has not passed the position that was waited for
└── UnreadableEvent    a stored event cannot be decoded: its case is shown as faulty
"""


class ReadModelError(Exception):
    """Any error of the read models."""


class NoLiveBuild(ReadModelError):  # noqa: N818 - a state of the system that the caller waits out
    """No build of the read models is live yet; a projector makes the first one when it starts."""

    def __init__(self) -> None:
        super().__init__("no build of the read models is live yet; start a projector (tiendo serve projector)")


class CheckpointMoved(ReadModelError):  # noqa: N818 - not a fault: somebody else was quicker
    """Another projector has advanced shards of this build; what this one computed for them is abandoned."""

    def __init__(self, shards: frozenset[int]) -> None:
        super().__init__(f"another projector has advanced the shards {sorted(shards)}")
        self.shards = shards


class CaseNotToBeShown(ReadModelError):  # noqa: N818 - what it means for whoever asked
    """The case is seen in part, and what is asked does not say by whom."""

    def __init__(self, case_id: str) -> None:
        super().__init__(f"the case {case_id} is seen in part: it is not shown to nobody in particular")
        self.case_id = case_id


class PositionNotReached(ReadModelError):  # noqa: N818 - the caller may ask again
    """The projection had not passed `wanted` when the waiting time was over."""

    def __init__(self, wanted: int, reached: int) -> None:
        super().__init__(f"the projection has reached position {reached}, not yet {wanted}")
        self.wanted = wanted
        self.reached = reached


class UnreadableEvent(ReadModelError):  # noqa: N818 - it names the event, not a fault of the caller
    """The text of an event in the log is no event that this version can decode."""

    def __init__(self, source: str, event_id: str, cause: str) -> None:
        super().__init__(f"the event {event_id} of {source} cannot be read: {cause}")
        self.source = source
        self.id = event_id
