"""The ids of a log's cases: each trace's own name, and where it cannot be that, one that no trace of the log bears."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tiendo_sources.fitted_names import short_case_id


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseId:
    """The id of a case; `made_up`: no trace of the log bears it."""

    id: str
    made_up: bool


class CaseIds:
    """Gives every trace its id, in the order of the log; `own` are the ids that traces of the log bear, `prefix` goes before each.

    A made-up id is the same when the log is read again, and when it has grown unless a new trace bears it as its name.
    """

    def __init__(self, prefix: str, own: Iterable[str]) -> None:
        self._prefix = prefix
        self._given = dict.fromkeys(own, False)
        self._made: Counter[str] = Counter()

    def next_id(self, name: str, number: int) -> CaseId:
        """The id of the trace `number` (from 1), which bears `name`; empty: none."""
        own = self._prefix + name
        if name and self._given.get(own) is False:
            self._given[own] = True
            return CaseId(id=own, made_up=False)
        base = own if name else f"{own}trace-{number}"
        made = next(each for each in self._made_up(base) if each not in self._given)
        self._given[made] = True
        return CaseId(id=made, made_up=True)

    def _made_up(self, base: str) -> Iterator[str]:
        """Yield ids made of `base`, none twice for the same base."""
        first = short_case_id(base)
        while True:
            self._made[first] += 1
            number = self._made[first]
            yield first if number == 1 else short_case_id(f"{base}~{number}")
