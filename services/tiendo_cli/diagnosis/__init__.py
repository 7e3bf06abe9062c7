"""`tiendo doctor`: what could be wrong with an installation, found out one by one, each with how to mend it."""
