"""What has to be told of a file though nothing of it is refused."""

from dataclasses import dataclass, replace
from enum import StrEnum


class RemarkKind(StrEnum):
    """What was found; the value names it in JSON."""

    CASE_WITHOUT_NAME = "case-without-name"
    CASE_RENAMED = "case-renamed"
    EVENT_SAYS_NO_HOLDER = "event-says-no-holder"
    EVENT_NOT_COUNTED = "event-not-counted"
    ATTRIBUTE_NEVER_FOUND = "attribute-never-found"
    OBJECT_TYPES = "object-types"
    DUE_WITHOUT_RECEPTION = "due-without-reception"

    @property
    def words(self) -> str:
        """The kind in words, to be put before a colon and a number."""
        return _WORDS[self]


_WORDS = {
    RemarkKind.CASE_WITHOUT_NAME: "cases without a name, taken over under a made-up one",
    RemarkKind.CASE_RENAMED: "cases whose name another case bears, or none can bear, taken over under a made-up one",
    RemarkKind.EVENT_SAYS_NO_HOLDER: "events that say nothing of who holds the case and count only for when it began",
    RemarkKind.EVENT_NOT_COUNTED: "events left out, since the mapping counts other transitions",
    RemarkKind.OBJECT_TYPES: "cases read from objects by the types of these (`[objects]` in a mapping says others)",
    RemarkKind.DUE_WITHOUT_RECEPTION: "rows that state a due but no reception, taken over without the due",
    RemarkKind.ATTRIBUTE_NEVER_FOUND: "attributes of cases that the mapping names and no case bears",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRemark:
    """So many things of one kind, and where the first of them stands."""

    kind: RemarkKind
    number: int
    example: str

    def more(self, number: int) -> "FileRemark":
        """The remark on these and `number` more of the kind."""
        return replace(self, number=self.number + number)
