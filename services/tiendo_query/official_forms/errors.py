"""What can be wrong with a form.

FormInconsistent   the figures of a form contradict each other; a fault of ours, and no table is given out
"""


class FormInconsistent(Exception):  # noqa: N818 - it names the state of the form
    """Figures of the row `where` that break the identity `what`."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"the figures of {where} contradict each other: {what}")
        self.where = where
        self.what = what
