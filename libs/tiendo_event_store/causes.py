"""What is behind an error, for whoever decides by it and for the journal."""


def innermost(error: BaseException) -> BaseException:
    """The error that all the others were raised from, such as the driver's own behind SQLAlchemy's."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def cause_of(error: BaseException) -> str:
    """The class and the first line of the innermost error, such as `DiskFullError: could not extend file …: No space left on device`."""
    found = innermost(error)
    words = str(found).strip().partition("\n")[0]
    name = type(found).__name__
    return f"{name}: {words}" if words else name
