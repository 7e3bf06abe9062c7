"""The advisory locks of the relay."""

RELAY_LOCKS = 0x74696570
"""First of two numbers, the second is the generation of the topics: held by the one relay that writes to them."""
