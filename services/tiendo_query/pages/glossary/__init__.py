"""The glossary: one word per thing."""
