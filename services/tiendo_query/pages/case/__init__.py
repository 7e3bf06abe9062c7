"""One case."""
