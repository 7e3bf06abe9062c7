"""`python -m tiendo_cli` is the same as `tiendo`."""

from tiendo_cli.main import main

if __name__ == "__main__":
    main()
