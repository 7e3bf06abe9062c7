"""An address for every route that a browser is shown: a route that is new has one here by itself, or is asked for."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from tests.month.province import ALSO_LATE, LATE
from tests.month.worked_month import WorkedMonth

_PROGRAMS: Final = ("/v1/", "/healthz", "/readyz", "/livez", "/metrics", "/openapi.json", "/asyncapi.json", "/live")
"""What is for programs, and the news that open pages are told, which do not end."""
_PARAMETER: Final = re.compile(r"\{(\w+)(?::\w+)?\}")


def routes_of(app: FastAPI) -> Iterator[str]:
    """The addresses that answer GET, but those for programs."""
    for route in iter_route_contexts(app.routes):
        if route.path is not None and "GET" in (route.methods or ()) and not route.path.startswith(_PROGRAMS):
            yield route.path


def address_of(route: str, worked: WorkedMonth) -> str:
    """The route filled in from the province; raises KeyError for a parameter that nobody has named an example of."""
    examples = _examples(worked)
    path = _PARAMETER.sub(lambda found: examples[found[1]], route)
    return path + _QUERIES.get(route, "").format(**examples)


_QUERIES: Final = {
    "/search": "?text=H34",
    "/desk/consultations": "?unit=H34.20",
    "/forms/{form}": "?unit=H34.20&from={month}-01&to={last_day}",
    "/forms/{form}/cases": "?unit=H34.20&from={month}-01&to={last_day}",
    "/desk/consultations/letter": "?unit=H34.20&asked=H34.30&format=pdf",
    "/desk": "?month={month}",
    "/desk/unit": "?month={month}",
    "/desk/publications": "?period={month}",
    "/desk/withdraw/{case_id:path}": "?source={pending_source}&id={pending_id}",
    "/desk/decide/{case_id:path}": "?source={pending_source}&id={pending_id}",
    "/": "?from={month}-01&to={last_day}",
    "/quality": "?from={month}-01&to={last_day}",
    "/flows": "?from={month}-01&to={last_day}",
    "/cases": "?sums=true",
}
"""What pages have to be asked for so as to show much."""


def _examples(worked: WorkedMonth) -> Mapping[str, str]:
    return {
        "case_id": ALSO_LATE,
        "officer_id": "CC-2",
        "unit_id": "H34.20",
        "procedure_id": "1.004227",
        "number": worked.number,
        "version": "1",
        "publication_id": worked.published.rpartition("/")[2],
        "step": "open",
        "kind": "not-found",
        "text": "spent",
        "form": "ii06a",
        "month": str(worked.month),
        "last_day": worked.month.end.isoformat(),
        "pending_source": worked.pending["source"],
        "pending_id": worked.pending["id"],
    }


STATES: Final = (
    *("/cases?sort=-received_at", "/units/H34.20?sort_officers=-cases"),
    *(
        "/cases?text=zzz",
        "/search?text=zzz",
        "/cases?class=actual&from=2020-01-01&to=2020-12-31",
        "/?from=2020-01-01&to=2020-12-31",
    ),
    *(
        f"/cases/{LATE}?basis=recorded&policy=after-due/1",
        "/cases/nobody-knows-it",
        "/?from=gestern",
        "/units/nowhere",
        "/nowhere",
    ),
    *("/desk?month=2020-01", "/desk/unit?month=2020-01", "/desk/publications?period=2020-01", f"/desk/explain/{LATE}"),
)
"""Pages with nothing on them, looked at otherwise, or refused."""
