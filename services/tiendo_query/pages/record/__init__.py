"""An officer's own record, month by month."""
