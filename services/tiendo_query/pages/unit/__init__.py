"""The figures of one unit: against earlier periods, by cause, step, procedure and officer, with what it inherits."""
