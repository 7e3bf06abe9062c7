"""How far the figures of a period can be trusted."""
