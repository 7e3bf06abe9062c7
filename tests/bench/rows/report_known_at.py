"""The report as known at an instant, for which every case is folded anew."""

from tests.bench.province import FIRST_DAY, LAST_DAY
from tests.bench.rebuilds import command_row

AFTER_EVERYTHING = "2190-01-01T00:00:00+07:00"

ROW = command_row(
    "report-known-at",
    "`tiendo report --known-at`, after everything was known, with its start",
    ("report", "--from", FIRST_DAY, "--to", LAST_DAY, "--known-at", AFTER_EVERYTHING),
    seconds=20,
)
