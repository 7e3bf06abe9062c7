"""The topics on a cluster: what has to be there, what is there, and making the one from the other."""
