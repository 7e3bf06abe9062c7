"""What the poller counts, for Prometheus; the lag of each source stands among what the database is asked."""

from prometheus_client import Counter

REQUESTS = Counter("tiendo_poller_requests_total", "Requests to a gateway, by how they ended.", ["source", "outcome"])
DOSSIERS = Counter("tiendo_poller_dossiers_total", "Dossiers that were read, also unchanged ones.", ["source"])
EVENTS = Counter("tiendo_poller_events_total", "Events that were appended.", ["source"])
REFUSED = Counter("tiendo_poller_refused_total", "Dossiers that were set aside as rejections.", ["source"])
