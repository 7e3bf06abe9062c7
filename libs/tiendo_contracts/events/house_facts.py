"""Facts of the house: what was done to the service itself, such as a key made.

They stand in the log with the events of cases, so that nobody can deny them, but belong to no case and are no part of the directory:
they change no minute and are not sent over Kafka.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from tiendo_contracts.events.event_types import HOUSE_SOURCE
from tiendo_contracts.publications.publication_facts import PUBLICATION_TYPE_PREFIX
from tiendo_contracts.texts.canonical_json import digest

SUBJECTS: Final[Mapping[str, str]] = {
    "vn.tiendo.key.": "the id of the key",
    "vn.tiendo.log.": "the name of the log",
    "vn.tiendo.access.": "`access-log`",
    "vn.tiendo.role.": "who was given it",
    PUBLICATION_TYPE_PREFIX: "the id of the publication",
}
"""What the subject of a fact is, by the beginning of its type. Another kind of facts of the house adds its line."""


class UnknownHouseTypeError(ValueError):
    """A fact of a type that is none of the house's."""

    def __init__(self, fact_type: str) -> None:
        super().__init__(f"{fact_type!r} is no type of a fact of the house")


def house_event(fact_type: str, subject: str, data: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """The CloudEvent that says what was done at the aware instant `at`, as plain JSON values; its id is the digest of all the rest.

    Raises UnknownHouseTypeError.
    """
    if not is_of_the_house(fact_type):
        raise UnknownHouseTypeError(fact_type)
    event = {
        "specversion": "1.0",
        "source": HOUSE_SOURCE,
        "type": fact_type,
        "subject": subject,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": dict(data),
    }
    return {"id": digest(event).hex(), **event}


def is_of_the_house(fact_type: str) -> bool:
    """Whether the type is one of facts of the house."""
    return fact_type.startswith(tuple(SUBJECTS))
