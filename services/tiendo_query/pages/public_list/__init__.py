"""One published list, for everybody: names, positions, units and figures, and how to check them."""
