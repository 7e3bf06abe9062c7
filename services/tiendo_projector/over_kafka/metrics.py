"""What the projector over Kafka counts beside what every projector does, for Prometheus."""

from prometheus_client import Counter, Gauge

PARTITIONS = Gauge("tiendo_projector_kafka_partitions", "Partitions that this process follows.")
LAG = Gauge("tiendo_projector_kafka_lag_messages", "Messages in those partitions that are not stored yet.")
HELD = Gauge("tiendo_projector_kafka_held_messages", "Messages that wait for one before them that has not come.")
EVENTS = Counter("tiendo_projector_kafka_events_total", "Events stored.")
DROPPED = Counter("tiendo_projector_kafka_repeats_total", "Messages that had been seen before, or that wait.")
UNREADABLE = Counter("tiendo_projector_kafka_unreadable_total", "Records that are no message and were passed over.")
