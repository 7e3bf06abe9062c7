"""Tables of evidence: which document proves that a case was finished in time."""
