"""`tiendo` whose PostgreSQL meets the faults of `faults.py` as well: `python -m tests.system.fire.under_fire ARGUMENTS…`."""

from tests.system.fire.faults import preloaded

from tiendo_cli.main import app
from tiendo_runtime.embedded import system_accounts


def main() -> None:
    """Run tiendo; PostgreSQL, which gets nothing of the caller's environment otherwise, gets the faults."""
    clean = system_accounts._environment
    system_accounts._environment = lambda: {**clean(), **preloaded()}
    app()


if __name__ == "__main__":
    main()
