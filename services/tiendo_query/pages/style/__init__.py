"""All components of pages on one page."""
