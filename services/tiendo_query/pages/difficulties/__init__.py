"""Difficulties („khó khăn, vướng mắc“): what is given as the reason of delay, and the norms that nobody meets."""
