"""`python -m tiendo_cli` is the same as `tiendo`."""

import signal


def run() -> None:
    """Run the program. An interrupt while it is still being loaded ends it at once and without a word: nothing is open yet."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from tiendo_cli.main import main

    main()


if __name__ == "__main__":
    run()
