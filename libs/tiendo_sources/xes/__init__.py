"""Process-mining logs in XES 1.0, read as a stream and turned into case events (rule X)."""
