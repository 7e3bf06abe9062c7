"""What the query side answers, as models: other programs generate their schemas from these."""
