"""The tree over the log as it is stored: its tiles, its checkpoints, who signs them, and how all is verified."""
