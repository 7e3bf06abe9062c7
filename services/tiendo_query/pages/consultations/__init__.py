"""The cases of a unit that wait for consulted units, with the days and a letter ready to be signed."""
