"""The query service: figures and timelines out, each with the position that it reflects."""

from tiendo_query.part import part

__all__ = ["part"]
