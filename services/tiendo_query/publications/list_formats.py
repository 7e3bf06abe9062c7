"""The forms in which a list is given out, by suffix or by the header Accept; one content in all."""

from typing import Final

from tiendo_contracts.answers.publications import ListFormat
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_query.answering.media_types import preferred

MEDIA_TYPES: Final = {
    ListFormat.JSON: "application/json",
    ListFormat.CSV: "text/csv; charset=utf-8",
    ListFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ListFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ListFormat.PDF: "application/pdf",
}
_PLAIN: Final = {media_type.partition(";")[0]: form for form, media_type in MEDIA_TYPES.items()}
_SUFFIXES: Final = {f".{form.value}": form for form in ListFormat}


def without_suffix(text: str) -> tuple[str, ListFormat | None]:
    """An address's last part without the suffix of a form, and the form that it names."""
    for suffix, form in _SUFFIXES.items():
        if text.endswith(suffix):
            return text.removesuffix(suffix), form
    return text, None


def form_accepted(accept: str | None) -> ListFormat:
    """The form that the header weighs most. Raises the refusal of one that takes none."""
    known = preferred(accept, tuple(_PLAIN))
    if known is None:
        raise Refusal(ProblemKind.NOT_ACCEPTABLE, values={"known": ", ".join(_PLAIN)})
    return _PLAIN[known]
