"""All units over eight months."""

from tests.bench.province import FIRST_DAY, LAST_DAY
from tests.bench.reading import always, reading_row

ROW = reading_row(
    "units", "units over eight months", always(f"/v1/units?from={FIRST_DAY}&to={LAST_DAY}&limit=500"), p99=300
)
