"""What time a `worked` gives to its holder (rule H12)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tests.domain.reference.holds import Segment, Step
from tests.domain.reference.parties import Party
from tests.domain.reference.reading import Event, instant

# Pauses, the gap after an end, and consultations are nobody's to take.
EXCEPTED = {"applicant", "suspension", "consulted-unit"}


def begins_at(event: Event) -> datetime:
    """Where the holds begin with the event: a `worked` with `since` as the first event begins them there (rule H1), never after its own time."""
    since = event.data.get("since") if event.kind == "worked" else None
    return min(instant(since), event.at) if since else event.at


@dataclass(frozen=True)
class Taken:
    """Whose the time becomes, in which step: `stated` by the `worked`, else `step` as rule A1 has it."""

    party: Party
    stated: Step | None
    step: Step | None

    def what_was_unknown(self, segments: Sequence[Segment], event: Event) -> None:
        """Of `segments`, the time since the last event that set the holder, what nobody is known to have held becomes the party's, inferred."""
        for segment in segments:
            if segment.party.kind == "unknown" and segment.start < event.at:
                segment.party, segment.step, segment.inferred, segment.unclaimed = self.party, self.step, True, False

    def since(self, segments: list[Segment], event: Event, *, before: Event | None) -> None:
        """All time from `since` on becomes the party's: not before the `worked` before it, not what is excepted.

        Reading: the party's own holds keep their step unless the `worked` states one; time before `since` stays as it was, also unknown time.
        """
        start = max(instant(event.data["since"]), before.at if before else segments[0].start)
        _divide(segments, start, event)
        for segment in segments:
            if segment.start < start or segment.start >= event.at or segment.party.kind in EXCEPTED:
                continue
            own = segment.party.identity == self.party.identity
            segment.party = segment.party if own else self.party
            segment.step = self.stated or (segment.step if own else self.step)
            segment.unclaimed = False


def _divide(segments: list[Segment], at: datetime, event: Event) -> None:
    """Where a piece that can be taken runs over `at`, it is two; what is excepted stays whole."""
    for index, segment in enumerate(segments):
        if segment.party.kind in EXCEPTED or segment.end is None or not segment.start < at < segment.end:
            continue
        after = replace(segment, start=at, begun_by=event)
        segment.close(at, event)
        segments.insert(index + 1, after)
        return
