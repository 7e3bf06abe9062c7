"""Documents as PDF, set by typst from the template beside this file."""
