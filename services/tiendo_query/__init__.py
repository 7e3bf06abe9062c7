"""The query service: figures and timelines out, each with the position that it reflects."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiendo_runtime.web import ServicePart

__all__ = ["part"]


def part() -> "ServicePart":
    """The part that answers questions; what speaks HTTP is imported with it, so that commands need not."""
    from tiendo_query.http_part import http_part  # noqa: PLC0415 - see above

    return http_part()
