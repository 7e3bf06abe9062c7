"""The numbers under which lists are published: `CK-H34.STNMT-2022-08/1`."""

import re
from dataclasses import dataclass
from typing import Final, Self

from tiendo_domain.months import Month

_NUMBER: Final = re.compile(r"CK-(.+)-(\d{4}-\d{2})(?:/([1-9]\d{0,8}))?", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNumber:
    """Whose list of which month, and which version; None: the newest."""

    unit_id: str
    month: Month
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """What the number says; None for a text that is none."""
        found = _NUMBER.fullmatch(text)
        month = None if found is None else Month.parse(found[2])
        if found is None or month is None:
            return None
        return cls(unit_id=found[1], month=month, version=None if found[3] is None else int(found[3]))

    def __str__(self) -> str:
        version = "" if self.version is None else f"/{self.version}"
        return f"CK-{self.unit_id}-{self.month}{version}"
