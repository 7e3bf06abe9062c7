"""The agencies that are served with what concerns their own part of the organisation, as a file lists them.

    [[agency]]
    unit = "H34.STNMT"
    principals = ["User:stnmt"]

Each sees the attributions of the cases of its unit and of all units below, on a topic of its own. `tiendo topics` gives its principals
the right to read that topic and to use consumer groups whose names begin with the agency's prefix.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from tiendo_contracts.messages.topics import Topic, agency_topic

TOPIC_LENGTH_MAX = 249
"""What a broker takes as the name of a topic."""
_GENERATION_LENGTH_MAX = 6

Principal = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]+:[^*\s]\S*$")]
"""Who signs in, as ACLs name it: `User:` and the name."""


class AgenciesInvalid(ValueError):  # noqa: N818 - it says what the list is
    """The list of agencies cannot be used; says what is wrong and where."""


class Agency(BaseModel):
    """One agency: its unit, who reads for it, and how the names of its consumer groups begin."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    principals: tuple[Principal, ...] = Field(min_length=1)
    groups: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]+$", max_length=200)] = ""

    @property
    def group_prefix(self) -> str:
        """How the names of its consumer groups begin: `groups`, by default the beginning of its topic's name up to the unit, and a colon.

        The colon stands in no such beginning, so that no agency's groups can be taken for those of another whose unit begins alike.
        """
        return self.groups or f"{self.topic().name.removesuffix('.delay-attributions.v1')}:"

    def topic(self, *, generation: int = 1) -> Topic:
        """The topic that is filled for it."""
        return agency_topic(self.unit, generation=generation)


def agencies_of(tables: Mapping[str, Any]) -> tuple[Agency, ...]:
    """The agencies of a parsed TOML file, by unit. Raises AgenciesInvalid."""
    unknown = sorted(tables.keys() - {"agency"})
    if unknown:
        raise AgenciesInvalid(f"unknown: {', '.join(unknown)}; every entry begins with [[agency]]")
    entries = tables.get("agency", [])
    if not isinstance(entries, list):
        raise AgenciesInvalid("agency: every entry begins with [[agency]], in double brackets")
    agencies = [_agency(number, entry) for number, entry in enumerate(entries, start=1)]
    for problem in _problems(agencies):
        raise AgenciesInvalid(problem)
    return tuple(sorted(agencies, key=lambda agency: agency.unit))


def _agency(number: int, entry: Any) -> Agency:  # noqa: ANN401 - whatever the file holds there
    try:
        return Agency.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the entry"
        raise AgenciesInvalid(f"[[agency]] number {number}, {where}: {first['msg']}") from None


def _problems(agencies: list[Agency]) -> Iterator[str]:
    for number, agency in enumerate(agencies, start=1):
        if len(agency.topic().name) > TOPIC_LENGTH_MAX - _GENERATION_LENGTH_MAX:
            yield f"[[agency]] number {number}, unit: too long for the name of a topic"
        for other_number, other in enumerate(agencies[: number - 1], start=1):
            which = f"[[agency]] number {other_number} and number {number}"
            if agency.unit == other.unit:
                yield f"{which} are of the same unit {agency.unit}; name all principals in one"
            if _begins(agency.group_prefix, other.group_prefix):
                yield f"{which}: the prefix of one's groups begins the other's; let each end with a sign that the other lacks"


def _begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
