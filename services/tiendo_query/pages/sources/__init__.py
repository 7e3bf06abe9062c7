"""The sources that tell of cases: when something last came of each, how late, and what is irregular in it."""
