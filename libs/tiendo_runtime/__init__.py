"""What every process of tiendo runs on: settings, database, embedded PostgreSQL, keys, the web service's frame, the worker loop."""
