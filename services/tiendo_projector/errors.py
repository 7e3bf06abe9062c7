"""Errors of the projector.

ProjectorError
├── BuildReplaced   another build went live: go on with that one
├── RebuildRunning  another rebuild is running on this database
└── RebuildFailed   the rebuild was given up; the live build is as it was
"""


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
