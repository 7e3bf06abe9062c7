"""What can be wrong with a file to import, or with the configuration of a source that is polled.

SourceError
├── FormatUnknown    the file is of no format that can be imported; the message names what it looks like
├── MappingError     the mapping file says something that cannot be followed
├── GatewayConfigurationInvalid  the configuration of a gateway cannot be read or followed
├── LogUnreadable    the file is no log of its format, or is damaged; what came before the damage was read
└── TraceTooLong     one case holds more events than can be handled
"""

from collections.abc import Sequence
from pathlib import Path


class SourceError(Exception):
    """A file that cannot be imported; the message says what, where and what would be right."""


class FormatUnknown(SourceError):  # noqa: N818 - it names the state of the file
    """A file that is no log in a format that is read here."""


class MappingError(SourceError):
    """A mapping file whose `where` is wrong."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"mapping file, {where}: {what}")
        self.where = where


class GatewayConfigurationInvalid(SourceError):  # noqa: N818 - it names the state of the file
    """The configuration of a gateway at `path`, with every fault that was found in it."""

    def __init__(self, path: Path, faults: Sequence[str]) -> None:
        super().__init__("\n".join(f"{path}: {fault}" for fault in faults))
        self.path = path
        self.faults = faults


class LogUnreadable(SourceError):  # noqa: N818 - it names the state of the file
    """A log file that cannot be read on."""


class TraceTooLong(SourceError):  # noqa: N818 - it names the state of the trace
    """The trace `number` of the log, from 1, with more events than `limit`."""

    def __init__(self, number: int, limit: int) -> None:
        super().__init__(f"trace number {number} holds more than {limit} events; split it or leave it out")
        self.number = number
        self.limit = limit
