"""The relay: one more reader of the log and of the read models, which passes on over Kafka what they hold."""

from tiendo_relay.errors import RelayError, RelayRefused
from tiendo_relay.relay_loop import run

__all__ = ["RelayError", "RelayRefused", "run"]
