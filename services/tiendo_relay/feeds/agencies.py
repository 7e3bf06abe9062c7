"""What agencies may see: the shares of lateness of the cases that concern each, to a topic of its own."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_client.kafka_access import KafkaAccess
from tiendo_contracts.messages import DelayAttributionsState, Version
from tiendo_contracts.messages.agencies import Agency
from tiendo_domain.rules import RuleBook, UnitLines, UnitRule
from tiendo_event_store import EventLog
from tiendo_event_store.publication.agency_cases import note_taken_back, remember_told, told_of
from tiendo_read_models.published import ChangedCase
from tiendo_relay.feeds.agencies_views import Subtrees, views_of
from tiendo_relay.feeds.states_ends import TopicEnds
from tiendo_relay.feeds.states_feed import BREATH_CASES, Outgoing, StateFeed
from tiendo_relay.lock import RelayLock


class AgenciesTeller:
    """Tells each agency of the cases that concern it, and takes back those that do not any more.

    What an agency is told of is noted before it is told: so whatever happens in between, the case will be taken back when it leaves.
    """

    def __init__(self, engine: AsyncEngine, agencies: Sequence[Agency], *, generation: int) -> None:
        self._engine = engine
        self._log = EventLog(engine)
        self._topics = {agency.unit: agency.topic(generation=generation).name for agency in agencies}
        self._rules = RuleBook()
        self._read_up_to = 0
        self._tree = UnitLines(rules=self._rules, on=date.min)
        self._units_changed_at = 0

    @property
    def topics(self) -> Sequence[str]:
        """A topic each."""
        return list(self._topics.values())

    @property
    def with_holds(self) -> bool:
        """Who held is not said."""
        return False

    async def basis(self) -> str:
        """The fingerprint of the agencies and of the tree of units as the log's facts configure it for today."""
        head = await self._log.head()
        facts = await self._log.directory_facts(after=self._read_up_to, up_to=head)
        self._read_up_to = head
        if facts:
            self._rules = self._rules.extended(facts)
            moved = [fact.position for fact in facts if isinstance(fact.definition, UnitRule)]
            self._units_changed_at = max([*moved, self._units_changed_at])
        tree = UnitLines(rules=self._rules, on=datetime.now(self._rules.default_calendar.zone).date())
        if not facts and tree.parents() != self._tree.parents():
            self._units_changed_at = head  # a day has come on which the tree is another one
        self._tree = tree
        known = json.dumps([sorted(self._topics.items()), sorted(tree.parents().items())])
        return hashlib.sha256(known.encode()).hexdigest()

    async def outgoing(self, cases: Sequence[ChangedCase], *, again: bool) -> Sequence[Outgoing]:
        """What each agency is told of the cases; `again`: also that cases were taken back which it has been told."""
        case_ids = [changed.case_id for changed in cases]
        async with self._engine.connect() as connection:
            shown = await told_of(connection, self.topics, case_ids) if cases else {}
        subtrees = Subtrees(units=frozenset(self._topics), lines=self._tree)
        found: list[Outgoing] = []
        for number, changed in enumerate(cases, start=1):
            views = views_of(changed, subtrees)
            for unit, topic in self._topics.items():
                state = views.get(unit)
                if state is None and (topic, changed.case_id) in shown:
                    state = _without_view(changed, shown_outside=shown[topic, changed.case_id], again=again)
                if state is not None:
                    found.append(Outgoing(topic=topic, state=state, version=self._version(changed), agency=unit))
            if number % BREATH_CASES == 0:
                await asyncio.sleep(0)
        return found

    async def before(self, connection: AsyncConnection, outgoing: Sequence[Outgoing]) -> None:
        """Note the cases that agencies are about to be told of."""
        await remember_told(connection, [_key(one) for one in outgoing if not _is_outside(one)])

    async def after(self, connection: AsyncConnection, outgoing: Sequence[Outgoing]) -> None:
        """Note the cases that have been taken back."""
        await note_taken_back(connection, [_key(one) for one in outgoing if _is_outside(one)])

    def _version(self, changed: ChangedCase) -> Version:
        """As of the case, but at least as late as the tree of units: whoever keeps the highest version lets go what has left."""
        version = changed.version
        position = max(version.position, self._units_changed_at)
        return Version(build=version.build, position=position, revision=version.revision)


def _without_view(changed: ChangedCase, *, shown_outside: bool, again: bool) -> DelayAttributionsState | None:
    """What an agency hears of a case that it was told of, and that is none of its concern now."""
    if shown_outside:
        return DelayAttributionsState(case_id=changed.case_id, outside=True) if again else None
    if changed.faulty:  # whose it is will be known when it can be folded
        return DelayAttributionsState(case_id=changed.case_id, fault=True)
    return DelayAttributionsState(case_id=changed.case_id, outside=True)


def _is_outside(one: Outgoing) -> bool:
    return isinstance(one.state, DelayAttributionsState) and one.state.outside


def _key(one: Outgoing) -> tuple[str, str]:
    return (one.topic, one.state.case_id)


def agencies_feed(
    engine: AsyncEngine,
    lock: RelayLock,
    access: KafkaAccess,
    agencies: Sequence[Agency],
    *,
    generation: int,
    shared: bool,
) -> StateFeed:
    """The feed of what agencies may see."""
    teller, ends = AgenciesTeller(engine, agencies, generation=generation), TopicEnds(access, shared=shared)
    return StateFeed(engine, lock, teller, ends, name=f"agencies:g{generation}")
