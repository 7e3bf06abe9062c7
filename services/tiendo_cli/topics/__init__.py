"""What `tiendo topics` prints."""
