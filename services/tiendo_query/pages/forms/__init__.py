"""The statistical forms of a unit and period, each figure with the cases that it counts."""
