"""The notifier: tells other programs, at the addresses that they have given, what happened to publications."""

from tiendo_notifier.notifying import run

__all__ = ["run"]
