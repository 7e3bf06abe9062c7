"""Object-centric event logs, OCEL 2.0 as JSON: cases, officers and units as the objects of events."""
