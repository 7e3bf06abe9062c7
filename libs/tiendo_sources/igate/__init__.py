"""Dossiers of VNPT iGate 2.0, as its gateway answers searches: what changed since they were seen last, as facts. The only home of its field names."""
