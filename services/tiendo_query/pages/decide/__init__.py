"""The decision on one explanation: claim, facts, and what each decision would do."""
