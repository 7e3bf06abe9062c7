"""All read models anew, by one process."""

from tests.bench.rebuilds import command_row

ROW = command_row("rebuild-one", "rebuild by one process, with its start", ("rebuild", "--processes", "1"))
