"""What can be wrong with a document that is to be written.

DocumentError
├── TableUneven    a row of a table does not fill its columns exactly; a bug of whoever filled the model
├── TooLong        a table or a document is larger than what is taken
└── NotSet         the typesetter failed, or took too long; a fault of ours
"""


class DocumentError(Exception):
    """A document that cannot be written; the message says where and why."""


class TableUneven(DocumentError):  # noqa: N818 - it names the state of the table
    """The row `number` of a table, from 1, with cells that fill not exactly its `width` columns."""

    def __init__(self, number: int, width: int) -> None:
        super().__init__(f"row {number} of a table does not fill its {width} columns exactly")
        self.number = number
        self.width = width


class TooLong(DocumentError):  # noqa: N818 - it names the state of the document
    """A document with more of `what` than `limit`."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"a document has more than {limit} {what}; divide it")
        self.what = what
        self.limit = limit


class NotSet(DocumentError):  # noqa: N818 - it names the state of the document
    """A document that could not be set as PDF; `said` is what the typesetter said."""

    def __init__(self, said: str) -> None:
        super().__init__(f"the document could not be set as PDF: {said}")
        self.said = said
