"""The board of a month: a row per unit with where its list stands, what comes next, and who owes it."""
