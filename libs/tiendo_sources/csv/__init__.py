"""Tables as CSV: text whose columns a separator parts, in the encodings that offices have."""
