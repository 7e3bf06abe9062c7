"""Errors of the projector.

ProjectorError
├── BuildReplaced         another build went live: go on with that one
├── RebuildRunning        another rebuild is running on this database
├── RebuildFailed         the rebuild was given up; the live build is as it was
├── TopicsAway            passes: no broker answers, or does not let the projector in, or topics are missing
└── ProjectorRefused      it stops, and an operator decides (also a RuntimeFault)
    ├── TopicContradicts  messages of one log cannot both stand in the topic
    ├── StubNotFetched    an event too large for the broker cannot be had over HTTP
    └── FactOfNewerVersion  a fact of the directory of a type that this version does not know
"""

from tiendo_runtime.errors import RuntimeFault


class ProjectorError(Exception):
    """Any error of the projector."""


class BuildReplaced(ProjectorError):  # noqa: N818 - a state that the projector's loop acts on
    """The build that was followed is not live any more; nothing was written."""


class RebuildRunning(ProjectorError):  # noqa: N818 - the caller may wait
    """Another rebuild is running."""

    def __init__(self) -> None:
        super().__init__("another rebuild is running on this database; wait for its end")


class RebuildFailed(ProjectorError):  # noqa: N818 - it names what became of the rebuild
    """The rebuild was given up; what it had filled is dropped, and the live build is as it was."""


class TopicsAway(ProjectorError):  # noqa: N818 - a state that passes
    """No broker answers, they do not let the projector in, or topics are missing; the message says why."""


class ProjectorRefused(ProjectorError, RuntimeFault):  # noqa: N818 - what an operator has to decide
    """The projector does not go on."""


class TopicContradicts(ProjectorRefused):
    """Messages of one log cannot both stand in the topic: the log was restored, or somebody else writes to the topic."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason}. If the log was restored from a backup its relay fills a new generation of topics: "
            "follow that (TIENDO_KAFKA_GENERATION) into a new database"
        )


class FactOfNewerVersion(ProjectorRefused):
    """A fact of the directory of a type that this version does not know: without it minutes might be wrong."""

    def __init__(self, log_id: object, position: int, fact_type: str) -> None:
        super().__init__(
            f"the fact of the directory at position {position} of the log {log_id} is of the type {fact_type}, which this version "
            "does not know: cases cannot be folded by rules that are not known; install the version of tiendo that this log has"
        )


class StubNotFetched(ProjectorRefused):
    """An event too large for the broker cannot be had over HTTP."""

    def __init__(self, log_id: object, position: int, reason: str) -> None:
        super().__init__(
            f"the event at position {position} of the log {log_id} is too large for the broker and has to be fetched "
            f"from that log's HTTP API: {reason}; set TIENDO_API_URL and TIENDO_API_KEY (a key that may read)"
        )
