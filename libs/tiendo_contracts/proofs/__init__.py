"""What proves that nothing was changed: the tree over the log (RFC 9162), what its leaves are made of, and signed checkpoints. Pure."""
