"""All rows: each module of `tests.bench.rows` has one, called ROW."""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from tests.bench import rows as folder
from tests.bench.row import Ground, Row

_ORDER = list(Ground)


def all_rows() -> list[Row]:
    """Every row, ground by ground."""
    found: list[Row] = [
        import_module(f"{folder.__name__}.{module.name}").ROW for module in iter_modules(folder.__path__)
    ]
    return sorted(found, key=lambda row: (_ORDER.index(row.ground), row.name))


def chosen(names: Sequence[str]) -> list[Row]:
    """The rows of those names, or all. Raises SystemExit for a name that no row has."""
    rows = all_rows()
    unknown = sorted(set(names) - {row.name for row in rows})
    if unknown:
        raise SystemExit(f"no row is called {', '.join(unknown)}; there are {', '.join(row.name for row in rows)}")
    return [row for row in rows if not names or row.name in names]
