"""What figures are made of: by cause, step, procedure, day and way between units; each counted once, for programs and pages alike."""
