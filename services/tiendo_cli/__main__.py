"""`python -m tiendo_cli` is the same as `tiendo`."""

from tiendo_cli.main import app

if __name__ == "__main__":
    app()
