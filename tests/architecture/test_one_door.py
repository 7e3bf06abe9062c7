"""What reads cases for a caller is had from a door that asks whose the question is; nobody goes round it."""

import re
from pathlib import Path

QUERY = Path(__file__).parents[2] / "services" / "tiendo_query"
_WAYS_IN = re.compile(
    r"(?<![.\w])(?<!def )(lent_driver|reading|EventLog|LogScan|service_engine|engine_of|QuerySide|QuerySides)\("
)
_DOORS = {
    "sight/bound_side.py": "the door itself",
    "sums/counting_worker.py": "a process of the command line's own",
    "http_part.py": "opens the pools",
    "sums/kept_snapshots.py": "of who sees everything",
    "cases/live_cases.py": "of who sees everything",
    "query_side.py": "of who sees everything",
    "sight/sights.py": "works out what a caller sees",
}


def test_no_module_of_the_query_side_reads_the_database_but_through_the_door() -> None:
    found = {
        path.relative_to(QUERY).as_posix()
        for path in QUERY.rglob("*.py")
        if _WAYS_IN.search(path.read_text()) and not path.name.startswith("__")
    }

    assert found <= set(_DOORS)


def test_no_route_takes_an_engine_from_the_service() -> None:
    routes = [*(QUERY / "resources").glob("*.py"), *(QUERY / "pages").glob("*.py")]

    assert [path.name for path in routes if re.search(r"\.engine\b|app\.state", path.read_text())] == []
