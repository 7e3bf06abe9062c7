"""What is to be sent, packed in batches by partition as the broker takes them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from tiendo_contracts.messages import Record

BATCH_BYTES_MAX: Final = 512 * 1024
"""More than this is not sent in one batch, even where the topic takes it."""

_HEADERS_BYTES: Final = 1_000
"""More than the names of headers, the key and the broker's own bytes take."""


class Batches:
    """Records by partition, in the order added; `make` begins a batch, and `bytes_max` is what each topic takes in one."""

    def __init__(self, make: Callable[[], Any], bytes_max: Mapping[str, int]) -> None:
        self._make = make
        self._bytes_max = bytes_max
        self._by_partition: dict[TopicPartition, list[Any]] = {}
        self.count = 0

    def fits(self, topic: str, record: Record) -> bool:
        """Whether the topic takes a record of this size."""
        limit = self._bytes_max[topic]
        # The exact size costs more to find out than to rule out: headers repeat what stands in the value.
        return len(record.value) * 2 + _HEADERS_BYTES < limit or _size(record) <= limit

    def add(self, topic: str, partition: int, record: Record, *, timestamp_ms: int | None = None) -> None:
        """Add a record that fits."""
        where = TopicPartition(topic, partition)
        batches = self._by_partition.get(where)
        if batches is None:
            batches = self._by_partition[where] = [self._make()]
        batch = batches[-1]
        if _append(batch, record, timestamp_ms) is None:
            batch = self._make()
            _append(batch, record, timestamp_ms)
            batches.append(batch)
        self.count += 1

    @property
    def by_partition(self) -> Mapping[TopicPartition, list[Any]]:
        """The batches of each partition, in the order in which they have to be sent."""
        return self._by_partition


def _append(batch: Any, record: Record, timestamp_ms: int | None) -> Any:  # noqa: ANN401 - aiokafka has no types
    return batch.append(timestamp=timestamp_ms, key=record.key, value=record.value, headers=record.headers)


def _size(record: Record) -> int:
    return int(DefaultRecordBatchBuilder.estimate_size_in_bytes(record.key, record.value, list(record.headers)))
