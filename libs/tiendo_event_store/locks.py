"""The advisory locks of the log; their numbers are this product's own within its database."""

APPEND_LOCK = 0x7469656E_646F0001
"""Held by the one transaction that appends to the log, until its events are visible."""

REJECTIONS_LOCK = 0x7469656E_646F0002
"""Held by the one transaction that adds to the list of refused events."""
