"""Official forms of a case, and of a unit and period: what they say, and the documents that say it."""
