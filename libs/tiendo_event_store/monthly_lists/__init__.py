"""Monthly lists in the store: their steps are facts of the log, their contents are kept beside it by digest."""
