"""The work list of late entries: what may only have been entered late, which evidence is missing, and evidence for many cases at once."""
