"""The explanations that wait for whoever looks to decide."""
