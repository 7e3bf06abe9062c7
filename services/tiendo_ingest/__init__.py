"""The ingest service: events in, refused or durable in the log."""

from tiendo_ingest.part import part

__all__ = ["part"]
