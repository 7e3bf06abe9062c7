"""The kinds of problems that an answer can name, and the error that carries one.

Refusal            the caller can act on it: a kind of problem, where it lies, and the values that its text names
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """The last part of a problem's `type`, `/problems/<kind>`; once published it never changes its meaning."""

    JSON_INVALID = "json-invalid"
    JSON_NOT_UTF8 = "json-not-utf8"
    JSON_BYTE_ORDER_MARK = "json-byte-order-mark"
    JSON_NULL_CHARACTER = "json-null-character"
    JSON_LONE_SURROGATE = "json-lone-surrogate"
    JSON_NOT_A_NUMBER = "json-not-a-number"
    JSON_DUPLICATE_MEMBER = "json-duplicate-member"
    JSON_NUMBER_TOO_LARGE = "json-number-too-large"
    JSON_TOO_DEEP = "json-too-deep"
    BODY_CUT_OFF = "body-cut-off"
    GZIP_INVALID = "gzip-invalid"
    BATCH_NOT_AN_ARRAY = "batch-not-an-array"
    EVENT_NOT_AN_OBJECT = "event-not-an-object"
    EVENT_TYPE_UNKNOWN = "event-type-unknown"
    MEMBER_MISSING = "member-missing"
    MEMBER_UNKNOWN = "member-unknown"
    VALUE_INVALID = "value-invalid"
    INSTANT_INVALID = "instant-invalid"
    SOURCE_RESERVED = "source-reserved"
    SOURCE_NOT_ALLOWED = "source-not-allowed"
    ANNULMENT_NOT_ALLOWED = "annulment-not-allowed"
    CONFLICT = "conflict"
    EVENT_TOO_LARGE = "event-too-large"
    BODY_TOO_LARGE = "body-too-large"
    TOO_MANY_EVENTS = "too-many-events"
    MEDIA_TYPE_UNSUPPORTED = "media-type-unsupported"
    CONTENT_ENCODING_UNSUPPORTED = "content-encoding-unsupported"
    UNAUTHENTICATED = "unauthenticated"
    SCOPE_MISSING = "scope-missing"
    REJECTION_OF_ANOTHER_KEY = "rejection-of-another-key"
    REJECTION_UNKNOWN = "rejection-unknown"
    OVERLOADED = "overloaded"
    LOG_UNAVAILABLE = "log-unavailable"
    DATABASE_UNAVAILABLE = "database-unavailable"
    NOT_READY = "not-ready"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    PARAMETER_INVALID = "parameter-invalid"
    PARAMETER_UNKNOWN = "parameter-unknown"
    PARAMETER_MISSING = "parameter-missing"
    PARAMETER_REPEATED = "parameter-repeated"
    PARAMETERS_CONTRADICT = "parameters-contradict"
    CURSOR_INVALID = "cursor-invalid"
    COMBINATION_UNAVAILABLE = "combination-unavailable"
    CASE_UNKNOWN = "case-unknown"
    CASE_NOT_PROJECTED = "case-not-projected"
    CASE_FAULTY = "case-faulty"
    CASE_NOT_KNOWN_THEN = "case-not-known-then"
    OFFICER_UNKNOWN = "officer-unknown"
    UNIT_UNKNOWN = "unit-unknown"
    TOO_MANY_QUESTIONS = "too-many-questions"
    POSITION_NOT_REACHED = "position-not-reached"
    NOT_ACCEPTABLE = "not-acceptable"
    REQUEST_REFUSED = "request-refused"
    INTERNAL_ERROR = "internal-error"


class Language(StrEnum):
    """The languages that messages speak; English where nothing else was asked for."""

    ENGLISH = "en"
    VIETNAMESE = "vi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One text in the two languages that answers speak."""

    en: str
    vi: str

    def spoken(self, language: Language) -> str:
        """The text in the language."""
        return self.vi if language is Language.VIETNAMESE else self.en


class Refusal(Exception):  # noqa: N818 - the house's word for a fault that the caller can mend
    """A fault that the caller can mend.

    `field` is the path of the member or the name of the parameter (`data.holder.birthday`). `values` fill the gaps of the kind's texts;
    a value in two languages is `Words`. `headers` go with the answer (`Retry-After`, `WWW-Authenticate`).
    """

    def __init__(
        self,
        kind: ProblemKind,
        *,
        field: str | None = None,
        values: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind, field)
        self.kind = kind
        self.field = field
        self.values = values or {}
        self.headers = headers or {}

    def __str__(self) -> str:
        where = f" at {self.field}" if self.field else ""
        return f"{self.kind}{where} {dict(self.values)}"
