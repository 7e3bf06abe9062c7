"""All lists that were published, for everybody: where a citizen begins."""
