"""Who gets the morning's digest of due cases, as a file lists them.

    [[recipient]]
    address = "anh@example.vn"
    officer = "CC-0001"

    [[recipient]]
    address = "lanh-dao@example.vn"
    unit = "H34.STNMT"

Each is told of what the officer holds, or of what the unit and those below it are responsible for. The directory knows no addresses.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

RECIPIENTS_MAX: Final = 5_000
_Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
_Address = Annotated[str, StringConstraints(max_length=254, pattern=r"^[!-;=?A-~]+@[A-Za-z0-9.-]+$")]


class DigestListInvalid(ValueError):  # noqa: N818 - it says what the list is
    """The list of recipients cannot be used; says what is wrong and where."""


class Recipient(BaseModel):
    """One address, and whose cases it is told of: those that an officer holds, or of a unit and those below it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: _Address
    officer: _Text | None = None
    unit: _Text | None = None

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.officer is None) is (self.unit is None):
            raise ValueError("name an officer or a unit, and not both")
        return self

    @property
    def about(self) -> str:
        """What the digest is about, as it is noted."""
        return f"unit {self.unit}" if self.officer is None else f"officer {self.officer}"


class _DigestList(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    recipient: list[Recipient] = []


def recipients_of(tables: Mapping[str, Any]) -> tuple[Recipient, ...]:
    """The recipients of the file's tables; one that is listed twice is one. Raises DigestListInvalid."""
    try:
        listed = _DigestList.model_validate(tables).recipient
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DigestListInvalid(f"{place}: {first['msg']}") from None
    if len(listed) > RECIPIENTS_MAX:
        raise DigestListInvalid(f"recipient: at most {RECIPIENTS_MAX}")
    return tuple(dict.fromkeys(listed))
