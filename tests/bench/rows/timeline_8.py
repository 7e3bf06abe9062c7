"""The timeline of a case, 8 clients."""

from tests.bench.timelines import timeline_row

ROW = timeline_row(8, rate=1_200, p99=20)
