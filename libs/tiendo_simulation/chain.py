"""Through whose hands a case goes: the steps of its procedure, the detours, and how the time is spread over them."""

from dataclasses import dataclass, replace
from random import Random

from tiendo_simulation import catalogue
from tiendo_simulation.catalogue import Procedure, Step
from tiendo_simulation.organisation import Group, Office, Party, Room

_NOISE = 0.55


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One party's turn: opened by an event of kind `opens` from the hands of `actor`, which names the step only if `states_step`.

    `share` is its part of the usual time.
    """

    party: Party
    step: Step
    opens: str
    actor: str
    share: float
    states_step: bool = True


def chain(office: Office, procedure: Procedure, rng: Random) -> list[Link]:
    """The links of one case, in order; the first is opened by its reception."""
    return _Hands(office, procedure, rng).links()


class _Hands:
    """The people through whose hands one case goes."""

    def __init__(self, office: Office, procedure: Procedure, rng: Random) -> None:
        self._office, self._procedure, self._rng = office, procedure, rng
        self._clerk = rng.choice(office.counter.officers)
        self._room = office.rooms[min(procedure.room, len(office.rooms) - 1)]
        self._specialist, self._leader = rng.choice(self._room.officers), rng.choice(office.leaders)

    def links(self) -> list[Link]:
        """All turns."""
        clerk, leader = self._clerk, self._leader
        links = [self._link(clerk, catalogue.RECEIVE, "received", clerk)]
        if self._office.group is not Group.COMMUNES and self._rng.random() < 0.3:  # some heads distribute by hand
            links.append(self._link(leader, catalogue.ASSIGN, "forwarded", clerk))
        links += self._to_examiner(links[-1].party)
        links += self._detours()
        links += self._to_leader(links[-1].party)
        links.append(self._link(clerk, catalogue.ISSUE, "forwarded", leader))
        return links

    def _to_examiner(self, sender: Party) -> list[Link]:
        specialist = self._specialist
        if self._rng.random() < 0.45:  # handed over in person
            return [self._link(specialist, catalogue.EXAMINE, "assigned", sender)]
        links = [self._queue(self._room, sender)]
        if self._rng.random() < 0.05 and len(self._office.rooms) > 1:  # sent to the wrong room first
            links.insert(0, self._queue(self._office.rooms[0], sender))
        claim = self._link(specialist, catalogue.EXAMINE, "claimed", specialist)
        return [*links, replace(claim, states_step=self._rng.random() < 0.5)]

    def _queue(self, room: Room, sender: Party) -> Link:
        queue = self._link(room.queue, catalogue.EXAMINE, "forwarded", sender)
        return replace(queue, share=queue.share / 4)

    def _detours(self) -> list[Link]:
        """Sometimes an overloaded officer's case goes to a colleague in the same step, and perhaps back."""
        specialist = self._specialist
        others = [officer for officer in self._room.officers if officer is not specialist]
        if not others or self._rng.random() >= 0.06:
            return []
        colleague = self._rng.choice(others)
        links = [self._link(colleague, catalogue.EXAMINE, "assigned", specialist)]
        if self._rng.random() < 0.3:
            links.append(self._link(specialist, catalogue.EXAMINE, "sent-back", colleague))
        return [replace(link, share=link.share / 2) for link in links]

    def _to_leader(self, sender: Party) -> list[Link]:
        """The leader signs: at once, or only at the second attempt, or after the specialist took the case back once more."""
        specialist, leader = self._specialist, self._leader
        first = self._link(leader, catalogue.SIGN, "forwarded", sender)
        draw = self._rng.random()
        if draw >= 0.11:
            return [first]
        again = self._link(leader, catalogue.SIGN, "forwarded", specialist)
        if draw < 0.08:
            back = self._link(specialist, catalogue.EXAMINE, "sent-back", leader)
            return [first, replace(back, share=back.share / 4), replace(again, share=again.share / 2)]
        back = self._link(specialist, catalogue.EXAMINE, "recalled", specialist)
        return [replace(first, share=first.share / 5), replace(back, share=back.share / 5), again]

    def _link(self, party: Party, step: str, opens: str, actor: Party) -> Link:
        usual = catalogue.STEP_SHARES[step] * party.slowness * self._rng.lognormvariate(0, _NOISE)
        return Link(party=party, step=self._procedure.steps[step], opens=opens, actor=actor.text, share=usual)


def spread(links: list[Link], own: int, lateness: int, rng: Random) -> list[int]:
    """The own minute at which each link begins: the usual time in proportion, most of the lateness with one link, the slower the likelier."""
    delayed = int(lateness * (0.5 + 0.5 * rng.random()))
    culprit = rng.choices(range(len(links)), [link.share for link in links])[0]
    whole = sum(link.share for link in links)
    starts, passed = [], 0.0
    for number, link in enumerate(links):
        starts.append(int(passed))
        passed += link.share / whole * (own - delayed) + (delayed if number == culprit else 0)
    return starts
