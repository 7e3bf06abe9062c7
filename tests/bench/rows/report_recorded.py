"""The report by the instants at which acts were recorded, for which every case is folded anew."""

from tests.bench.province import FIRST_DAY, LAST_DAY
from tests.bench.rebuilds import command_row

ROW = command_row(
    "report-recorded",
    "`tiendo report --basis recorded`, with its start",
    ("report", "--from", FIRST_DAY, "--to", LAST_DAY, "--basis", "recorded"),
    seconds=20,
)
