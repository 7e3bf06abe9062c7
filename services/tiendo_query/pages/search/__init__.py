"""The search: straight to what is named exactly, else what is found by a part of it."""
