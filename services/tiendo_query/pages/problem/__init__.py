"""Refusals and faults as pages."""
