"""What each step is allotted (rule A1)."""

from collections.abc import Iterable, Mapping

from tiendo_domain.timeline.stretches import Stretch
from tiendo_domain.timeline.subject import Subject


def allotments_of(stretches: Iterable[Stretch], stated: Mapping[str, int], subject: Subject) -> Mapping[str, int]:
    """Step id -> allotment: the first that an event states, else what the directory states for its id or name."""
    names: dict[str, str | None] = {}
    for stretch in stretches:
        if stretch.step is not None and names.get(stretch.step.id) is None:
            names[stretch.step.id] = stretch.step.name
    found = dict(stated)
    for step_id, name in names.items():
        if step_id not in found:
            allotment = subject.step_allotment(step_id, name)
            if allotment is not None:
                found[step_id] = allotment
    return found
