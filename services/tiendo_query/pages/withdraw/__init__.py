"""Taking an explanation back that nobody has decided on."""
