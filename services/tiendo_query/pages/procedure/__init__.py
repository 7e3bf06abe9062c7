"""One procedure: where its time goes, step by step, against the norm."""
