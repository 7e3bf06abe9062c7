"""All read models anew, by two processes."""

from tests.bench.rebuilds import command_row

ROW = command_row(
    "rebuild-two",
    "rebuild by two processes, with their start",
    ("rebuild", "--processes", "2"),
    seconds=40,
    rate=45_000,
)
