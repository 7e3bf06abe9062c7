"""The commands of `tiendo`, a module for each group. Every module has `register(app)`, which adds its commands to the program."""
