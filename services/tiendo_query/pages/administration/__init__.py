"""Administration: keys, roles, the access log, the rules with their history, and what a change of rules would do."""
