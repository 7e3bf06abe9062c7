"""Which cases the codes of the log are, for files in which a case stands once: under the code that names it, with its other codes (rule N4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tiendo_domain.timeline import joined_cases
from tiendo_event_store import EventLog
from tiendo_read_models.folding import decoded


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCase:
    """A case: the code that names it, its other codes, and the first of them all of which anything is told."""

    case_id: str
    aliases: tuple[str, ...] = ()
    first_told: str

    @property
    def codes(self) -> tuple[str, ...]:
        """All its codes."""
        return (self.case_id, *self.aliases)


@dataclass(slots=True)
class NamedCases:
    """The cases of codes that were asked for; those of codes that were ever joined are remembered."""

    log: EventLog
    up_to: int
    _joined: dict[str, NamedCase] = field(default_factory=dict)

    async def of(self, codes: Collection[str]) -> dict[str, NamedCase]:
        """The case of each code; a code that names none of its own stands for itself."""
        groups = await self.log.groups_of(codes, up_to=self.up_to)
        unknown = [next(iter(group)) for group in groups if len(group) > 1 and not group <= self._joined.keys()]
        if unknown:
            await self._learn(unknown)
        return {code: self._joined.get(code) or NamedCase(case_id=code, first_told=code) for code in codes}

    async def _learn(self, codes: Sequence[str]) -> None:
        for group in await self.log.read_groups(codes, up_to=self.up_to):
            for code in group.codes:
                self._joined.setdefault(code, NamedCase(case_id=code, first_told=code))
            told = {event.subject for event in group.events}
            for case in joined_cases(decoded(group.events)):
                named = NamedCase(
                    case_id=case.case_id, aliases=case.aliases, first_told=min(told.intersection(case.codes))
                )
                self._joined.update(dict.fromkeys(case.codes, named))
