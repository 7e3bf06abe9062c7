"""The report of eight months."""

from tests.bench.province import FIRST_DAY, LAST_DAY
from tests.bench.reading import always, reading_row

ROW = reading_row("report", "report of eight months", always(f"/v1/report?from={FIRST_DAY}&to={LAST_DAY}"), p99=300)
