"""One officer."""
