"""The `eventsourcing` library with its PostgreSQL recorder; run in an environment of its own.

`python eventsourcing_store.py SOCKET_FOLDER DATABASE EVENTS_FILE` prints a JSON object of figures.
"""

import json
import sys
import threading
import time
from collections import Counter
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresTrackingRecorder

PAGE = 1_000


class Counting(PostgresTrackingRecorder):
    """Counts the events of each stream, in the transaction that says how far it has come."""

    def count(self, counts: Counter[UUID], tracking: Tracking) -> None:
        """Add a page once."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.executemany(
                "INSERT INTO counted VALUES (%s, %s) ON CONFLICT (stream) DO UPDATE SET n = counted.n + excluded.n",
                list(counts.items()),
            )


def store(folder: str, database: str) -> PostgresDatastore:
    """A pool as large as the most writers."""
    return PostgresDatastore(database, folder, 5432, "tiendo", "", pool_size=8, max_overflow=64)


def append(recorder: PostgresApplicationRecorder, texts: list[bytes], writers: int, batch: int) -> float:
    """Events a second."""
    batches = iter([texts[start : start + batch] for start in range(0, len(texts), batch)])
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                taken = next(batches, None)
            if taken is None:
                return
            stream = uuid4()
            recorder.insert_events([StoredEvent(stream, number, "event", text) for number, text in enumerate(taken)])

    threads = [threading.Thread(target=work) for _ in range(writers)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(texts) / (time.perf_counter() - begun)


def main(folder: str, database: str, file: str) -> dict[str, float]:
    """All figures, on one database."""
    with open(file, "rb") as opened:  # noqa: PTH123 - the peer's interpreter runs this one file
        texts = opened.read().splitlines()
    datastore = store(folder, database)
    recorder = PostgresApplicationRecorder(datastore)
    recorder.create_table()
    figures: dict[str, float] = {}
    for batch in (1, 100):
        for writers in (1, 4, 64):
            share = texts[: len(texts) // (8 if batch == 1 else 1)]
            figures[f"append of {batch} by {writers}"] = append(recorder, share, writers, batch)
    position = count = 0
    begun = time.perf_counter()
    while page := recorder.select_notifications(position + 1, PAGE):
        position, count = page[-1].id, count + len(page)
    figures["replay"] = count / (time.perf_counter() - begun)
    with datastore.transaction(commit=True) as cursor:
        cursor.execute("CREATE TABLE counted (stream uuid PRIMARY KEY, n bigint)")
    counting = Counting(datastore)
    counting.create_table()
    position, begun = 0, time.perf_counter()
    while page := recorder.select_notifications(position + 1, PAGE):
        position = page[-1].id
        counts = Counter(uuid5(NAMESPACE_URL, str(json.loads(item.state)["subject"])) for item in page)
        counting.count(counts, Tracking("all", position))
    figures["projection"] = count / (time.perf_counter() - begun)
    figures["missed"] = missed(recorder, texts, position)
    datastore.close()
    return figures


def missed(recorder: PostgresApplicationRecorder, texts: list[bytes], position: int) -> float:
    """How many events a reader that tails the log while 16 write never sees."""
    seen, first, done = 0, position, threading.Event()

    def tail() -> None:
        nonlocal seen, position
        while True:
            ended = done.is_set()
            page = recorder.select_notifications(position + 1, PAGE)
            if page:
                seen, position = seen + len(page), page[-1].id
            elif ended:
                return

    reader = threading.Thread(target=tail)
    reader.start()
    append(recorder, texts[: len(texts) // 4], 16, 5)
    done.set()
    reader.join()
    left, count = first, 0
    while page := recorder.select_notifications(left + 1, PAGE):
        left, count = page[-1].id, count + len(page)
    return count - seen


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
