"""The relay: carries the events of the log and the states of the read models to Kafka."""
