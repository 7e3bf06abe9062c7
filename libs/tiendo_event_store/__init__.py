"""The event log: append-only, dense positions in commit order, typed outcomes; and the list of what was refused."""

from tiendo_event_store.appending.bulk_load import BulkLoader
from tiendo_event_store.appending.writer import CoalescingWriter
from tiendo_event_store.errors import EventStoreError, LogUnavailable, WriterOverloaded
from tiendo_event_store.outcomes import AlreadyAppended, Appended, Conflict, Outcome, Unstorable
from tiendo_event_store.reading.event_log import EventLog
from tiendo_event_store.rejected.rejections import NewRejection, Rejection, Rejections
from tiendo_event_store.stored import StoredEvent

__all__ = [
    "AlreadyAppended",
    "Appended",
    "BulkLoader",
    "CoalescingWriter",
    "Conflict",
    "EventLog",
    "EventStoreError",
    "LogUnavailable",
    "NewRejection",
    "Outcome",
    "Rejection",
    "Rejections",
    "StoredEvent",
    "Unstorable",
    "WriterOverloaded",
]
