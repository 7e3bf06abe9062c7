"""One monthly list as those see it who work on it: all that it says, how it came about, and its next step as a form."""
