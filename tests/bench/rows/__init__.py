"""The rows of the benchmark: a row is added by a module here that has one as ROW."""
