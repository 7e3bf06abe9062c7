"""The flow of cases between units, with the lateness that each handover inherits."""
