"""One poll: every page from the bound on, until nothing was missed, and how far the bound may move then.

Bounds are instants that the gateway sent. While pages are read dossiers move on them, so pages are read again until a reading has none that the
ones before had not; only then the bound moves. It never moves to an instant that the gateway's clock cannot have reached by the time that passed,
and from time to time, and when that clock was set back, everything is read without a bound.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from tiendo_event_store.sources.polled_sources import PolledState, Progress
from tiendo_poller.dossier_intake import DossierIntake
from tiendo_poller.errors import GatewayFault
from tiendo_poller.gateway_client import GatewayClient, SearchAnswer
from tiendo_runtime.stop_aware_waiting import BackOff
from tiendo_sources.igate.configuration import GatewayConfiguration
from tiendo_sources.igate.dossier_changes import key_of, last_change
from tiendo_sources.igate.search_answers import written_like

READINGS_MAX: Final = 6
CONFIRMED_BY: Final = 2
"""So many further readings of everything have to lack a dossier, before it counts as one that is listed no more."""
PAGES_MAX: Final = 1_000_000
PAGES_OF_OLD_MAX: Final = 20
"""So many pages on end may show dossiers of earlier pages alone, as they do while pages move; more come of a gateway that does not heed `page`."""
_ATTEMPTS_MAX: Final = 3
_QUIET_MAX: Final = timedelta(days=3)
"""A gateway of which nothing changed for longer does not write its changes by the clock that its answers bear."""

_journal = structlog.get_logger("tiendo.poller")


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One reading of all pages: which dossiers were on them, and the latest change not after `limit`."""

    limit: datetime | None = None
    pages: int = 0
    keys: set[str] = field(default_factory=set)
    gateway_at: datetime | None = None
    newest: tuple[datetime, str] | None = None

    def note(self, entry: Any, change: tuple[datetime, str] | None) -> None:  # noqa: ANN401 - any JSON value
        key = key_of(entry)
        if key is not None:
            self.keys.add(key)
        within = change is not None and (self.limit is None or change[0] <= self.limit)
        if change is not None and within and (self.newest is None or change[0] > self.newest[0]):
            self.newest = change


class Poll:
    """One poll of a source that stands as `state` says; `back_off` is for requests that fail."""

    def __init__(
        self,
        gateway: GatewayClient,
        intake: DossierIntake,
        configuration: GatewayConfiguration,
        state: PolledState,
        back_off: BackOff,
    ) -> None:
        self._gateway, self._intake, self._configuration, self._state = gateway, intake, configuration, state
        self._back_off = back_off
        self._overlap = timedelta(seconds=configuration.overlap_seconds)

    async def run(self) -> Progress:
        """What the poll moves. Raises GatewayFault, PollerReplaced, LogUnavailable."""
        if self._configuration.updated_from is None:
            # Whatever is missed on pages that move is there at the next poll: no bound rests on it.
            whole = await self._read(None)
            await self._look_for_missed(whole.keys)
            return Progress(gateway_at=whole.gateway_at, was_whole=True)
        bound = None if self._whole_is_due() else self._bound()
        first = await self._read(bound)
        if bound is not None and self._clock_went_back(first.gateway_at):
            _journal.warning("the gateway's clock was set back: everything is read once", source=self._state.source)
            bound, first = None, await self._read(None)
        if first.pages > 1 and not await self._is_complete(first, bound):
            _journal.warning("pages move faster than they can be read: the bound stays", source=self._state.source)
            return Progress(gateway_at=first.gateway_at)
        if bound is None:
            await self._look_for_missed(first.keys)
        return self._moved(first, was_whole=bound is None)

    async def _look_for_missed(self, keys: Collection[str]) -> None:
        """Remember the open dossiers that a reading of everything had not, and that further ones have not either: pages move while they are read.

        A gateway that lists nothing at all says nothing of what has disappeared.
        """
        if not keys:
            return
        listed, missed = set(keys), set(await self._intake.missed(keys))
        for _ in range(CONFIRMED_BY if missed else 0):
            listed |= (await self._read(None)).keys
        await self._intake.note_listing(listed, missed - listed)

    def _whole_is_due(self) -> bool:
        state = self._state
        every = timedelta(seconds=self._configuration.whole_read_seconds)
        return state.bound_at is None or state.whole_at is None or state.read_at - state.whole_at >= every

    def _bound(self) -> str | None:
        state = self._state
        if state.bound_at is None or state.bound_text is None:
            return None
        local = state.bound_at.astimezone(_offset_of(state.bound_text) or self._configuration.zone)
        return written_like(state.bound_text, local, self._overlap)

    def _clock_went_back(self, now: datetime | None) -> bool:
        before = self._state.gateway_at
        return now is not None and before is not None and now < before - self._overlap - timedelta(minutes=1)

    async def _is_complete(self, first: _Reading, bound: str | None) -> bool:
        """Whether a further reading found no dossier that those before had not."""
        known = set(first.keys)
        for _ in range(READINGS_MAX - 1):
            again = await self._read(bound)
            if again.keys <= known:
                return True
            known |= again.keys
        return False

    async def _read(self, bound: str | None) -> _Reading:
        reading, pages_of_old = _Reading(), 0
        for number in range(PAGES_MAX):
            answer = await self._asked(number, bound)
            if number == 0:
                reading.gateway_at = answer.gateway_at
                reading.limit = self._limit(answer.gateway_at, whole=bound is None)
            known = len(reading.keys)
            entries = answer.page.entries
            for entry in entries:
                reading.note(entry, last_change(entry, self._configuration))
            await self._intake.take(entries, answer.received_at)
            reading.pages += bool(entries)
            # Without a word on whether more follow, the end is a page that is empty, or the same once more.
            same_again = answer.page.is_last is None and number > 0 and len(reading.keys) == known
            if answer.page.is_last or not entries or same_again:
                break
            pages_of_old = pages_of_old + 1 if len(reading.keys) == known else 0
            if pages_of_old > PAGES_OF_OLD_MAX:
                raise GatewayFault(
                    "the gateway shows the same dossiers page after page: does it heed `page` and `size`?"
                )
        return reading

    async def _asked(self, number: int, bound: str | None) -> SearchAnswer:
        """A page, asked for a few times where the gateway does not answer as it should."""
        for attempt in range(1, _ATTEMPTS_MAX + 1):
            try:
                answer = await self._gateway.search(number, bound)
            except GatewayFault as fault:
                if attempt == _ATTEMPTS_MAX:
                    raise
                _journal.info("asked again", page=number, reason=str(fault), attempt=attempt)
                await self._back_off.wait(least_seconds=fault.retry_after_seconds)
            else:
                self._back_off.reset()
                return answer
        raise AssertionError("the last attempt answers or raises")

    def _limit(self, gateway_at: datetime | None, *, whole: bool) -> datetime | None:
        """The latest instant that the gateway's clock can show, by what it says itself and by the time that passed since it was known."""
        state = self._state
        if whole or state.anchor_at is None or state.anchored_at is None:
            return gateway_at
        reached = state.anchor_at + max(state.read_at - state.anchored_at, timedelta(0)) + self._overlap
        return reached if gateway_at is None else min(reached, gateway_at)

    def _moved(self, reading: _Reading, *, was_whole: bool) -> Progress:
        if reading.newest is None:
            return Progress(gateway_at=reading.gateway_at, was_whole=was_whole)
        at, text = reading.newest
        if not was_whole:
            is_later = self._state.bound_at is None or at > self._state.bound_at
            moved = (at, text) if is_later else (None, None)
            return Progress(bound_at=moved[0], bound_text=moved[1], gateway_at=reading.gateway_at)
        anchor = reading.gateway_at
        if anchor is None or anchor - at > _QUIET_MAX:
            anchor = at
        return Progress(bound_at=at, bound_text=text, anchor_at=anchor, gateway_at=reading.gateway_at, was_whole=True)


def _offset_of(text: str) -> Any:  # noqa: ANN401 - a tzinfo or None
    try:
        return datetime.fromisoformat(text.strip()).tzinfo
    except ValueError:
        return None
