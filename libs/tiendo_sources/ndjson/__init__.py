"""CloudEvents as NDJSON, one event a line: taken as they are."""
