"""What can be wrong with a file to import.

SourceError
├── MappingError     the mapping file says something that cannot be followed
├── LogUnreadable    the file is no log of the announced format, or is damaged
└── TraceTooLong     one case holds more events than can be handled
"""


class SourceError(Exception):
    """A file that cannot be imported; the message says what, where and what would be right."""


class MappingError(SourceError):
    """A mapping file whose `where` is wrong."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"mapping file, {where}: {what}")
        self.where = where


class LogUnreadable(SourceError):  # noqa: N818 - it names the state of the file
    """A log file that cannot be read on."""


class TraceTooLong(SourceError):  # noqa: N818 - it names the state of the trace
    """A trace with more events than `limit`."""

    def __init__(self, trace: str, limit: int) -> None:
        super().__init__(f"trace {trace!r} holds more than {limit} events; split it or leave it out")
        self.trace = trace
        self.limit = limit
