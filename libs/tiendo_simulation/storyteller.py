"""The story of any case that was planned."""

from random import Random

from tiendo_simulation.case_telling import LAG_MAX, CaseTelling, Order, Surroundings, case_id, subject
from tiendo_simulation.catalogue import Procedure
from tiendo_simulation.conduct import Journal, Story
from tiendo_simulation.json_text import text
from tiendo_simulation.planned_course import Wish
from tiendo_simulation.quotas import Fate


def story_of(order: Order, around: Surroundings, rng: Random) -> Story:
    """The story of one case: what happens in it, and what is entered of it."""
    procedure = rng.choice(order.office.procedures)
    if order.fate in {Fate.SUBMITTED, Fate.DECLINED}:
        return _never_received(order, procedure, rng)
    wish = Wish(office=order.office, procedure=procedure, fate=order.fate, anchor=order.anchor)
    return CaseTelling(around, order, procedure, around.planner.course(wish, rng), rng).story()


def _never_received(order: Order, procedure: Procedure, rng: Random) -> Story:
    minute = order.anchor.minute
    journal = Journal(lag=rng.randrange(LAG_MAX))
    sent_at = minute - 1 - rng.randrange(240)
    journal.act("submitted", sent_at, rng.randrange(30), more=subject(order.office, procedure, "online"))
    if order.fate is Fate.DECLINED:
        clerk = rng.choice(order.office.counter.officers)
        reason = f',"reason":{text("Không thuộc thẩm quyền giải quyết")}'
        journal.act("declined", minute, rng.randrange(30), actor=clerk.text, more=reason)
    return Story(
        case_id=case_id(order, minute),
        office=order.office,
        procedure=procedure,
        fate=order.fate,
        conduct=None,
        acts=tuple(journal.acts),
        numbered=True,
    )
