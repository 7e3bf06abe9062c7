"""`make mutants`: changes the domain in one place at a time, and shows which changes no test of the domain notices.

cosmic-ray makes the changes, in an environment of its own (build/mutants) and on a copy of the tree. Which ones are tried is drawn
with a seed, so that the same call tries the same ones; a run that was interrupted goes on where it stopped.
"""

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORK = ROOT / "build/mutants"
COSMIC_RAY = "cosmic-ray==8.7.0"
DOMAIN = "libs/tiendo_domain"
MODULES = (
    "calendar",
    "overdue.py",
    "timeline/accounts.py",
    "timeline/allotments.py",
    "timeline/carrying.py",
    "timeline/clocks.py",
    "timeline/shares.py",
)
COPIED = ("libs", "services", "migrations", "tests", "pyproject.toml")
PROBE = ("tests/domain/test_golden*.py", "tests/domain/test_calendar_laws.py", "tests/domain/test_rules.py")
"""Tests that take seconds and find most changes."""
PROBE_SECONDS_MAX, ALL_SECONDS_MAX = 60, 300
"""Processor time: a change that makes a loop endless is noticed by it, however busy the machine is."""
CLOCK_SECONDS_MAX = 7200
WITHOUT_MEANING = ("core/ReplaceBinaryOperator_BitOr%", "core/RemoveDecorator")
"""`int | None` is an annotation, and a decorator gone (`@cache`, `@dataclass`) costs speed or the import, never a minute."""


def main() -> None:
    """Try `--count` changes drawn with `--seed`, for at most `--seconds`; print a table and every change that lived."""
    options = _options()
    session = WORK / f"seed-{options.seed}-{options.count}.sqlite"
    if not session.exists():
        _prepare(session)
        _draw(session, count=options.count, seed=options.seed)
    _try(session, seconds=options.seconds)
    sys.stdout.write(report(session))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=main.__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=3600)
    return parser.parse_args()


def _prepare(session: Path) -> None:
    """Fill the environment and the copy, and list all possible changes in `session`."""
    WORK.mkdir(parents=True, exist_ok=True)
    if not (WORK / "venv").exists():
        subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
        subprocess.run([WORK / "venv/bin/python", "-m", "pip", "install", "--quiet", COSMIC_RAY], check=True)
    tree = WORK / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir()
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tree / name)
    (tree / "mutants.toml").write_text(_configuration(), encoding="utf-8")
    _cosmic_ray("init", "mutants.toml", str(session))


def _configuration() -> str:
    modules = ", ".join(f'"{DOMAIN}/{module}"' for module in MODULES)
    pytest = f"{sys.executable} -m pytest -q -x -p no:xdist -p no:cacheprovider"
    probe = f"(ulimit -t {PROBE_SECONDS_MAX}; {pytest} {' '.join(PROBE)})"
    everything = f"(ulimit -t {ALL_SECONDS_MAX}; {pytest} tests/domain)"
    return (
        f"[cosmic-ray]\nmodule-path = [{modules}]\ntimeout = {CLOCK_SECONDS_MAX}.0\nexcluded-modules = []\n"
        f"test-command = \"bash -c '{probe} && {everything}'\"\n"
        '[cosmic-ray.distributor]\nname = "local"\n'
    )


def _cosmic_ray(*arguments: str, seconds: int | None = None) -> None:
    """Run cosmic-ray in the copy, whose packages come before the installed ones."""
    tree = WORK / "tree"
    path = os.pathsep.join(str(tree / folder) for folder in ("libs", "services", "migrations"))
    process = subprocess.Popen(
        [WORK / "venv/bin/cosmic-ray", *arguments], cwd=tree, env={**os.environ, "PYTHONPATH": path}
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()
    else:
        assert process.returncode == 0, f"cosmic-ray {arguments[0]} failed"


def _draw(session: Path, *, count: int, seed: int) -> None:
    """Keep `count` of the changes that mean something, drawn with `seed`; each module keeps its part of them."""
    meaningless = " OR ".join("operator_name LIKE ?" for _ in WITHOUT_MEANING)
    with closing(sqlite3.connect(session)) as database, database:
        found = database.execute(
            f"SELECT job_id FROM mutation_specs WHERE NOT ({meaningless}) "
            "ORDER BY module_path, start_pos_row, start_pos_col, operator_name, occurrence",
            WITHOUT_MEANING,
        ).fetchall()
        kept = set(random.Random(seed).sample(found, min(count, len(found))))
        database.execute("CREATE TEMP TABLE kept (job_id TEXT PRIMARY KEY)")
        database.executemany("INSERT INTO kept VALUES (?)", kept)
        for table in ("mutation_specs", "work_items"):
            database.execute(f"DELETE FROM {table} WHERE job_id NOT IN (SELECT job_id FROM kept)")


def _try(session: Path, *, seconds: int) -> None:
    """Try what has not been tried yet; the copy is as it was before each, whatever interrupted the last run."""
    shutil.rmtree(WORK / "tree" / DOMAIN)
    shutil.copytree(ROOT / DOMAIN, WORK / "tree" / DOMAIN)
    _cosmic_ray("exec", "mutants.toml", str(session), seconds=seconds)


def report(session: Path) -> str:
    """A table in Markdown of what was tried, noticed and lived, by module; then the changes that lived, as differences."""
    with closing(sqlite3.connect(session)) as database:
        rows = database.execute(
            "SELECT module_path, start_pos_row, test_outcome, diff FROM mutation_specs "
            "LEFT JOIN work_results USING (job_id) ORDER BY module_path, start_pos_row, start_pos_col"
        ).fetchall()
    tried = [row for row in rows if row[2] is not None]
    lived = [row for row in tried if row[2] == "SURVIVED"]
    lines = ["| module | drawn | tried | noticed | lived |", "| --- | --- | --- | --- | --- |"]
    lines += _table(_by_module(rows), _by_module(tried), _by_module(lived))
    lines += [f"\n{module}:{line}\n{diff}" for module, line, _, diff in lived]
    return "\n".join(lines) + "\n"


def _by_module(rows: Iterable[tuple[str, int, str, str]]) -> Counter[str]:
    return Counter(row[0].removeprefix(f"{DOMAIN}/") for row in rows)


def _table(drawn: Counter[str], tried: Counter[str], lived: Counter[str]) -> list[str]:
    modules = [
        f"| `{module}` | {drawn[module]} | {tried[module]} | {tried[module] - lived[module]} | {lived[module]} |"
        for module in sorted(drawn)
    ]
    total = [sum(figures.values()) for figures in (drawn, tried, lived)]
    return [*modules, f"| all | {total[0]} | {total[1]} | {total[1] - total[2]} | {total[2]} |"]


if __name__ == "__main__":
    main()
