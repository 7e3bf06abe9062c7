"""However messages were stored, what is handed over is exactly the sequence of the log."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiendo_client.chains import PartitionChains
from tiendo_client.errors import ChainContradicted
from tiendo_client.positions import Positions, positions_of
from tiendo_contracts.messages import Place

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
LOG, OTHER = UUID(int=1), UUID(int=2)


def chain_of(log_id: UUID, positions: list[int]) -> list[Place]:
    """The places of a log's messages in one partition."""
    return [
        Place(log_id=log_id, position=position, previous_position=previous)
        for previous, position in zip([0, *positions], positions, strict=False)
    ]


def chains(positions: Positions | None = None, held_max: int = 100) -> PartitionChains[int]:
    return PartitionChains("events", 3, positions or Positions(), held_max)


def offered(found: PartitionChains[int], places: list[Place], offset: int = 0) -> list[int]:
    """The positions handed over when the messages are offered one by one."""
    return [
        position
        for number, place in enumerate(places, start=offset)
        for position in found.offer(place, number, place.position, now=NOW)
    ]


class Reader:
    """Reads a partition as the consumer does, and may die at any moment: what it saved is all that it keeps."""

    def __init__(self, held_max: int) -> None:
        self.held_max = held_max
        self.saved = ("0", 0)
        self.given: dict[UUID, list[int]] = {LOG: [], OTHER: []}
        self.restart()

    def restart(self) -> None:
        tails, self.offset = self.saved[0] if self.saved[0] != "0" else "{}", self.saved[1]
        self.chains: PartitionChains[Place] = PartitionChains(
            "events", 3, positions_of(self.offset, tails), self.held_max
        )
        self.unsaved: list[Place] = []

    def read(self, stored: list[Place], count: int) -> None:
        for place in stored[self.offset : self.offset + count]:
            self.unsaved += self.chains.offer(place, self.offset, place, now=NOW)
            self.offset += 1
        rewound = self.chains.rewind()
        self.offset = self.offset if rewound is None else rewound

    def save(self) -> None:
        """Keep what was handed over and where it ended, as one."""
        for place in self.unsaved:
            self.given[place.log_id].append(place.position)
        self.unsaved = []
        positions = self.chains.positions
        self.saved = (positions.tails_text(), positions.offset)


@st.composite
def stored_partitions(draw: st.DrawFn) -> tuple[list[Place], dict[UUID, list[int]]]:
    """What lies in a partition after any failures, and the true sequences: each message is there at least once."""
    truth: dict[UUID, list[int]] = {}
    parts: list[list[Place]] = []
    for log_id in (LOG, OTHER):
        steps = draw(st.lists(st.integers(1, 3), max_size=14))
        truth[log_id] = [sum(steps[: number + 1]) for number in range(len(steps))]
        sequence = chain_of(log_id, truth[log_id])
        runs = draw(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=4))
        broken = [place for first, length in runs for place in sequence[first : first + length]]
        order = draw(st.permutations(broken)) if draw(st.booleans()) else broken
        # What ends it all: everything is sent again, or only what was lost, in any order.
        missing = [place for place in sequence if place not in order]
        parts.append([*order, *(sequence if draw(st.booleans()) else draw(st.permutations(missing)))])
    return _interleaved(draw, *parts), truth


def _interleaved(draw: st.DrawFn, one: list[Place], other: list[Place]) -> list[Place]:
    turns = draw(st.permutations([0] * len(one) + [1] * len(other)))
    sources: list[Iterator[Place]] = [iter(one), iter(other)]
    return [next(sources[turn]) for turn in turns]


@given(
    stored_partitions(),
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["go on", "save", "die"])), max_size=20),
    st.integers(1, 4),
)
def test_the_output_is_exactly_the_sequence_however_messages_were_stored_and_readers_died(
    partition: tuple[list[Place], dict[UUID, list[int]]], doings: list[tuple[int, str]], held_max: int
) -> None:
    stored, truth = partition
    reader = Reader(held_max)
    for count, then in doings:
        reader.read(stored, count)
        if then == "save":
            reader.save()
        elif then == "die":
            reader.restart()
    limit = 50 * (len(stored) + 1)
    while reader.offset < len(stored):
        reader.read(stored, 7)
        reader.save()
        limit -= 1
        assert limit, "the reader goes in circles"
    reader.save()
    assert reader.given == truth
    assert not list(reader.chains.gaps())
    assert reader.chains.positions.offset == len(stored)


def test_a_message_is_held_back_until_its_predecessor_comes() -> None:
    found = chains()
    one, two, three, four = chain_of(LOG, [1, 4, 9, 12])
    assert offered(found, [one, three, four]) == [1]
    assert offered(found, [two], offset=3) == [4, 9, 12]


def test_the_saved_offset_is_that_of_the_earliest_message_held_back() -> None:
    found = chains()
    one, two, three, _ = chain_of(LOG, [1, 4, 9, 12])
    offered(found, [one, three], offset=20)
    assert found.positions == Positions(offset=21, tails={LOG: 1})
    offered(found, [two], offset=22)
    assert found.positions == Positions(offset=23, tails={LOG: 9})


def test_a_gap_tells_what_is_missing_where_and_since_when() -> None:
    found = chains()
    one, _, three, four = chain_of(LOG, [1, 4, 9, 12])
    offered(found, [one, four, three])
    (gap,) = found.gaps()
    assert (gap.log_id, gap.topic, gap.partition, gap.after_position, gap.before_position, gap.held, gap.since) == (
        LOG, "events", 3, 1, 9, 2, NOW
    )  # fmt: skip
    assert "after position 1 and before 9 is missing" in str(gap)


def test_a_second_gap_counts_from_when_the_first_was_closed() -> None:
    found = chains()
    one, two, three, _, five = chain_of(LOG, [1, 2, 3, 4, 5])
    offered(found, [one, three, five])
    later = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert found.offer(two, 3, two.position, now=later) == [2, 3]
    (gap,) = found.gaps()
    assert (gap.after_position, gap.since) == (3, later)


def test_logs_in_one_topic_do_not_wait_for_each_other() -> None:
    found = chains()
    one, _, three = chain_of(LOG, [1, 2, 3])
    assert offered(found, [one, three, *chain_of(OTHER, [1, 2])]) == [1, 1, 2]
    assert found.positions.tails == {LOG: 1, OTHER: 2}


def test_what_there_is_no_room_for_is_read_again_when_the_predecessor_has_come() -> None:
    found = chains(held_max=2)
    places = chain_of(LOG, list(range(1, 8)))
    assert offered(found, places[1:]) == []
    (gap,) = found.gaps()
    assert gap.held == 2
    assert found.rewind() is None
    assert offered(found, places[:1], offset=6) == [1, 2, 3]
    assert found.positions.offset == 2
    assert found.rewind() == 2
    assert offered(found, places[3:], offset=2) == [4, 5, 6, 7]


def test_of_what_is_beyond_the_forgotten_nothing_is_held() -> None:
    found = chains(held_max=2)
    one, two, three, four, five, six = chain_of(LOG, [1, 2, 3, 4, 5, 6])
    assert offered(found, [two, four, five, one, six]) == [1, 2]
    assert offered(found, [three], offset=5) == [3, 4]
    assert found.rewind() == 2
    assert offered(found, [five, one, six, three], offset=2) == [5, 6]


@pytest.mark.parametrize(
    ("before", "contradiction"),
    [
        ([(1, 0), (4, 1)], (5, 3)),
        ([(1, 0)], (4, 4)),
        ([(7, 5)], (8, 5)),
    ],
    ids=["skips one that stands between", "follows itself", "two after the same"],
)
def test_messages_that_rule_each_other_out_are_an_error(
    before: list[tuple[int, int]], contradiction: tuple[int, int]
) -> None:
    found = chains()
    offered(found, [Place(log_id=LOG, position=one, previous_position=two) for one, two in before])
    position, previous = contradiction
    with pytest.raises(ChainContradicted, match=f"offset {len(before)}, log {LOG}"):
        offered(found, [Place(log_id=LOG, position=position, previous_position=previous)], offset=len(before))
    assert found.positions.offset <= len(before)


def test_what_is_held_back_gives_way_to_what_is_newer_of_its_place() -> None:
    first, second = chain_of(LOG, [1, 2])
    found: PartitionChains[str] = PartitionChains("events", 3, Positions(), 100)
    assert found.offer(second, 0, "as it was", now=NOW) == []
    assert found.offer(second, 1, "redacted", now=NOW, newer=True) == []
    assert found.offer(first, 2, "first", now=NOW) == ["first", "redacted"]
    assert found.has_passed(second)
