"""From the domain's values and the read models' rows to the models of answers."""
