"""What the relay counts, for Prometheus; `feed` is a feed's name with its generation, such as `events:g1`."""

from prometheus_client import Counter, Gauge, Histogram

POSITION = Gauge(
    "tiendo_relay_position", "Log position up to which everything is acknowledged by the broker.", ["feed"]
)
LAG = Gauge("tiendo_relay_lag_events", "Events in the log that are not acknowledged by the broker.", ["feed"])
MESSAGES = Counter("tiendo_relay_messages_total", "Messages that the broker acknowledged.", ["feed"])
BATCHES = Counter("tiendo_relay_batches_total", "Batches handed to the producer.", ["feed"])
STUBS = Counter("tiendo_relay_stubs_total", "Messages too large for the broker, replaced by a stub.", ["feed"])
SENT_AGAIN = Counter(
    "tiendo_relay_breaks_total", "Partitions of which something was missing or cut off, and was sent again.", ["feed"]
)
FAILURES = Counter(
    "tiendo_relay_failures_total", "Times a batch was not acknowledged and the producer closed.", ["feed"]
)
INTERRUPTIONS = Counter("tiendo_relay_interruptions_total", "Times Kafka or the database was away.", ["of"])
REFUSED = Gauge("tiendo_relay_refused", "1 while topic and log do not belong together and nothing is sent.", ["feed"])
HOLDS_LOCK = Gauge("tiendo_relay_active", "1 while this relay is at work, 0 while it waits for another's end.")
STEP_SECONDS = Histogram(
    "tiendo_relay_step_seconds",
    "Time from finding something to send to its acknowledgement.",
    ["feed"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
