"""All methods that an address answers, for the Allow header: the framework names those of the first part alone."""

import re

from fastapi import Request

_PARAMETER = re.compile(r"\{[^{}]*\}")


def allowed_methods(request: Request) -> str | None:
    """The methods of every described address of this path, as the Allow header lists them; None where none is described."""
    path = (request.scope.get("raw_path") or request.url.path.encode()).decode("latin-1").partition("?")[0]
    methods: set[str] = set()
    for template, operations in request.app.openapi()["paths"].items():
        pattern = "[^/]+".join(re.escape(part) for part in _PARAMETER.split(template))
        if re.fullmatch(pattern, path):
            methods |= {method.upper() for method in operations}
            methods |= {"HEAD"} if "get" in operations else set()
    return ", ".join(sorted(methods)) or None
