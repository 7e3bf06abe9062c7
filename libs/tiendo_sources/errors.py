"""What can be wrong with a file to import.

SourceError
├── FormatUnknown    the file is of no format that can be imported; the message names what it looks like
├── MappingError     the mapping file says something that cannot be followed
├── LogUnreadable    the file is no log of its format, or is damaged; what came before the damage was read
└── TraceTooLong     one case holds more events than can be handled
"""


class SourceError(Exception):
    """A file that cannot be imported; the message says what, where and what would be right."""


class FormatUnknown(SourceError):  # noqa: N818 - it names the state of the file
    """A file that is no log in a format that is read here."""


class MappingError(SourceError):
    """A mapping file whose `where` is wrong."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"mapping file, {where}: {what}")
        self.where = where


class LogUnreadable(SourceError):  # noqa: N818 - it names the state of the file
    """A log file that cannot be read on."""


class TraceTooLong(SourceError):  # noqa: N818 - it names the state of the trace
    """The trace `number` of the log, from 1, with more events than `limit`."""

    def __init__(self, number: int, limit: int) -> None:
        super().__init__(f"trace number {number} holds more than {limit} events; split it or leave it out")
        self.number = number
        self.limit = limit
