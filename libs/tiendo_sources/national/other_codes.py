"""The other code of a dossier, where a record states one (rule N4)."""

from collections.abc import Iterable
from datetime import datetime

from tiendo_domain.facts import Joined, Mark
from tiendo_sources.national.keys import entry_key, fact_id
from tiendo_sources.national.known_dossier import KnownDossier, NewFact


def tell_other_code(
    known: KnownDossier, other: str | None, at: datetime, *, recorded_at: str, marks: Iterable[Mark]
) -> None:
    """Add that the dossier has the `other` code too, once; raises `Refusal`."""
    if other is not None and other != known.code:
        identity = fact_id(known.code, "joined", entry_key(other))
        said = {"alias": other}
        known.tell(NewFact(id=identity, kind=Joined, at=at, said=said, recorded_at=recorded_at, marks=marks))
