"""The timeline of a case, 32 clients."""

from tests.bench.timelines import timeline_row

ROW = timeline_row(32, rate=1_200)
