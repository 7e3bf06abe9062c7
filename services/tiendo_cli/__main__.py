"""`python -m tiendo_cli` is the same as `tiendo`."""

import gc
import signal

_COLLECT_AFTER = 10_000
"""New objects until Python looks for cycles among them: by itself it would so often that loading a command takes a fifth longer."""


def run() -> None:
    """Run the program. An interrupt while it is still being loaded ends it at once and without a word: nothing is open yet."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(_COLLECT_AFTER, *gc.get_threshold()[1:])
    from tiendo_cli.main import main

    main()


if __name__ == "__main__":
    run()
