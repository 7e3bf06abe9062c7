"""The projector over Kafka: events of other logs, taken from their topics, stored here, and folded as the projector over the log folds its own."""
