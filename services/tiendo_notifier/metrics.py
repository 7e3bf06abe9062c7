"""What the notifier counts, for Prometheus."""

from prometheus_client import Counter, Gauge

ATTEMPTS = Counter(
    "tiendo_webhook_attempts_total", "Attempts to tell a webhook, by how they ended.", ["webhook", "outcome"]
)
DELIVERIES = Gauge("tiendo_webhook_deliveries", "Deliveries to a webhook, by their state.", ["webhook", "state"])
