"""Translators: what other systems and files say, turned into case events. The only home of foreign field names."""
