"""What the projector counts, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

POSITION = Gauge("tiendo_projector_position", "Log position up to which the shards of this process are projected.")
LAG = Gauge("tiendo_projector_lag_events", "Events in the log that the shards of this process have not passed.")
SHARDS = Gauge("tiendo_projector_shards", "Shards that this process projects.")
REFOLDS = Counter("tiendo_projector_refolds_total", "Cases folded again from the refold list.")
CASES = Counter("tiendo_projector_cases_total", "Cases folded.")
FAULTS = Counter("tiendo_projector_faults_total", "Cases that could not be folded, each time they could not.")
INTERRUPTIONS = Counter(
    "tiendo_projector_interruptions_total", "Times the database went away or gave up for the moment."
)
BATCH_SECONDS = Histogram(
    "tiendo_projector_batch_seconds",
    "Time from finding events to their visibility in the read models.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
