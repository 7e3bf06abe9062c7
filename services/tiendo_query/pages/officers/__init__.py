"""The officers of a period, of a unit and of those below it."""
