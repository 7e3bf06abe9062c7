"""Where a consumer stands in a partition: what has to be kept so that nothing is missed and nothing comes twice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """The offset to go on from, and of each log the position of the last message that was handed over.

    Every message of a lower offset has been handed over, or was seen before.
    """

    offset: int = 0
    tails: Mapping[UUID, int] = field(default_factory=dict)

    def tails_text(self) -> str:
        """The last positions as a JSON object by `log_id`; the same positions give the same text."""
        return json.dumps({str(log_id): self.tails[log_id] for log_id in sorted(self.tails)}, separators=(",", ":"))


BEGINNING = Positions()


def positions_of(offset: int, tails: str | Mapping[str, int]) -> Positions:
    """The positions from an offset and the last positions by `log_id`, as text or read. Raises ValueError for anything else."""
    found = json.loads(tails) if isinstance(tails, str) else tails
    return Positions(offset=offset, tails={UUID(log_id): int(position) for log_id, position in found.items()})
