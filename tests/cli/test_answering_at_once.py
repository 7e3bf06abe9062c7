"""Commands that need no server answer at once: they import nothing that they do not need."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from tiendo_cli.main import COMMANDS

COMMANDS_FOLDER = Path(__file__).parents[2] / "services/tiendo_cli/commands"
SERVERS = (
    "fastapi",
    "uvicorn",
    "sqlalchemy",
    "asyncpg",
    "aiokafka",
    "alembic",
    "holidays",
    "httpx",
    "jinja2",
)
OF_FIGURES = ("case", "explain", "officers", "report", "delays")
_ASKED = """
import sys
from tiendo_cli.main import main
sys.argv = ["tiendo", *sys.argv[2:]]
names = {name}
try:
    main()
finally:
    print(*sorted(name for name in names if name in sys.modules), file=sys.stderr)
"""
_WORK = (
    "from tiendo_cli.serving_parts import Service, work_of; from tiendo_runtime.settings import Settings; "
    "work_of(Service.{}, Settings(), None, supervised=False)"
)


def imported(*arguments: str, names: tuple[str, ...] = SERVERS) -> list[str]:
    """Which of the modules a command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", _ASKED.replace("{name}", repr(names)), "tiendo", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "TIENDO_DATA": "/nonexistent"},
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.split()


def test_the_version_is_told_without_any_library_of_a_server() -> None:
    assert imported("--version", names=(*SERVERS, "rich", "pydantic", "asyncio")) == []


@pytest.mark.parametrize("arguments", [(), *((command,) for command in OF_FIGURES)])
def test_help_is_told_without_any_library_of_a_server(arguments: tuple[str, ...]) -> None:
    assert imported(*arguments, "--help") == []


def test_what_shows_figures_needs_nothing_that_serves_them() -> None:
    modules = [
        *(
            "tiendo_cli.projected",
            "tiendo_cli.tables.report_tables",
            "tiendo_cli.tables.case_picture",
            "tiendo_migrations",
        ),
        "tiendo_contracts.answers.timelines",
        *(
            f"tiendo_query.{name}"
            for name in (
                "cases.single_cases",
                "figures.reporting",
                "figures.ranking",
                "figures.delaying",
                "tables.table_files",
            )
        ),
        *(f"tiendo_query.{name}" for name in ("questions.latest_days", "names.known_units", "answering.officers")),
        *(f"tiendo_runtime.{name}" for name in ("database", "embedded", "journal", "settings")),
    ]
    unwanted = {"fastapi", "starlette", "uvicorn", "aiokafka", "httpx", "alembic", "holidays", "jinja2", "xlsxwriter"}
    asked = f"import sys, {', '.join(modules)}; print(sorted({unwanted!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("asked", "unwanted"),
    [
        (
            "import tiendo_cli.commands.up",
            {"fastapi", "uvicorn", "aiokafka", "tiendo_ingest", "tiendo_query", "tiendo_relay"},
        ),
        (
            _WORK.format("PROJECTOR"),
            {"fastapi", "uvicorn", "aiokafka", "tiendo_ingest", "tiendo_relay", "tiendo_poller"},
        ),
        (_WORK.format("RELAY"), {"fastapi", "uvicorn", "tiendo_ingest", "tiendo_query", "tiendo_poller"}),
        (_WORK.format("WEB"), {"aiokafka", "tiendo_relay", "tiendo_projector.following", "tiendo_poller"}),
    ],
    ids=["up", "projector", "relay", "web"],
)
def test_a_process_imports_its_own_service_and_no_other(asked: str, unwanted: set[str]) -> None:
    shown = f"{asked}; import sys; print(sorted({unwanted!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_registered_by_the_module_that_the_list_names(name: str) -> None:
    application = typer.Typer()
    import_module(COMMANDS[name][0]).register(application)
    assert list(typer.main.get_group(application).commands) == [name]


def test_every_command_is_in_the_list() -> None:
    modules = {path.stem for path in COMMANDS_FOLDER.glob("*.py")} - {"__init__"}
    assert {module.rpartition(".")[2] for module, _ in COMMANDS.values()} == modules
