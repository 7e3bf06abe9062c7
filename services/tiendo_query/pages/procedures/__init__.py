"""All procedures with their figures."""
