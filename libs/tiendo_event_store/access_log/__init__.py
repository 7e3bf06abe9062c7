"""The access log: who looked at which case or person, and who changed what, in a chain of hashes whose head stands in the log."""

from tiendo_event_store.access_log.access_check import AccessCheck, check_access_log
from tiendo_event_store.access_log.access_entries import AccessEntry, AccessKind
from tiendo_event_store.access_log.entry_writing import append_entries, forget_old, write_entries
from tiendo_event_store.access_log.heads import is_head_due, note_head

__all__ = [
    "AccessCheck",
    "AccessEntry",
    "AccessKind",
    "append_entries",
    "check_access_log",
    "forget_old",
    "is_head_due",
    "note_head",
    "write_entries",
]
