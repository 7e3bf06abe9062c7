"""The kinds of problems that an answer can name, and the error that carries one.

Refusal            the caller can act on it: a kind of problem, where it lies, and the values that its text names
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FAULTS_MAX = 100
"""How many faults of one event are told."""


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
    BODY_MISSING = "body-missing"
    GZIP_INVALID = "gzip-invalid"
    BATCH_NOT_AN_ARRAY = "batch-not-an-array"
    EVENT_NOT_AN_OBJECT = "event-not-an-object"
    EVENT_TYPE_UNKNOWN = "event-type-unknown"
    MEMBER_MISSING = "member-missing"
    MEMBER_UNKNOWN = "member-unknown"
    VALUE_INVALID = "value-invalid"
    INSTANT_INVALID = "instant-invalid"
    SOURCE_RESERVED = "source-reserved"
    NOT_ENTITLED = "not-entitled"
    CONFLICT = "conflict"
    EXTENSION_MISSPELT = "extension-misspelt"
    EVENT_TOO_LARGE = "event-too-large"
    FILE_INSTANT_MISSING = "file-instant-missing"
    FILE_INSTANT_UNREADABLE = "file-instant-unreadable"
    FILE_INSTANT_WITHOUT_OFFSET = "file-instant-without-offset"
    FILE_INSTANT_WITHOUT_TIME_OF_DAY = "file-instant-without-time-of-day"
    FILE_EVENT_OUTSIDE_CASES = "file-event-outside-cases"
    FILE_ROW_WITHOUT_CASE = "file-row-without-case"
    FILE_ROW_SAYS_NOTHING = "file-row-says-nothing"
    FILE_ROW_UNREADABLE = "file-row-unreadable"
    FILE_TEXT_UNREADABLE = "file-text-unreadable"
    FILE_FORMULA_WITHOUT_VALUE = "file-formula-without-value"
    FILE_NUMBER_UNREADABLE = "file-number-unreadable"
    RECORD_INSTANT_UNREADABLE = "record-instant-unreadable"
    RECORD_MEMBER_MISSING = "record-member-missing"
    SOURCE_NOT_ONE = "source-not-one"
    RECORDS_MISSING = "records-missing"
    DIRECTORY_REFUSED = "directory-refused"
    SERVICE_UNKNOWN = "service-unknown"
    BODY_TOO_LARGE = "body-too-large"
    TOO_MANY_EVENTS = "too-many-events"
    MEDIA_TYPE_UNSUPPORTED = "media-type-unsupported"
    CONTENT_ENCODING_UNSUPPORTED = "content-encoding-unsupported"
    UNAUTHENTICATED = "unauthenticated"
    TOO_MANY_REQUESTS = "too-many-requests"
    TOO_MANY_LOGINS = "too-many-logins"
    TOO_MANY_REJECTIONS = "too-many-rejections"
    SCOPE_MISSING = "scope-missing"
    OTHER_ORIGIN = "other-origin"
    SIGN_IN_LINK_SPENT = "sign-in-link-spent"
    SIGN_IN_FAILED = "sign-in-failed"
    LOGOUT_TOKEN_INVALID = "logout-token-invalid"  # noqa: S105 - a kind of problem, no secret
    ISSUER_AWAY = "issuer-away"
    REJECTION_OF_ANOTHER_KEY = "rejection-of-another-key"
    REJECTION_UNKNOWN = "rejection-unknown"
    HEAD_TOO_LARGE = "head-too-large"
    REQUEST_TOO_SLOW = "request-too-slow"
    OVERLOADED = "overloaded"
    LOG_UNAVAILABLE = "log-unavailable"
    NOT_TAKEN_HERE = "not-taken-here"
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
    SORT_UNAVAILABLE = "sort-unavailable"
    CASE_UNKNOWN = "case-unknown"
    CASE_NOT_PROJECTED = "case-not-projected"
    CASE_FAULTY = "case-faulty"
    CASE_NOT_KNOWN_THEN = "case-not-known-then"
    OFFICER_UNKNOWN = "officer-unknown"
    UNIT_UNKNOWN = "unit-unknown"
    PROCEDURE_UNKNOWN = "procedure-unknown"
    PUBLICATION_UNKNOWN = "publication-unknown"
    PUBLICATION_VERSION_UNKNOWN = "publication-version-unknown"
    PUBLICATION_EXISTS = "publication-exists"
    PUBLICATION_STEP_REFUSED = "publication-step-refused"
    PUBLICATION_WINDOW_OPEN = "publication-window-open"
    PUBLICATION_CHANGED = "publication-changed"
    PUBLICATION_WITHDRAWN = "publication-withdrawn"
    PUBLICATION_BY_DRAFTER = "publication-by-drafter"
    PUBLICATION_MONTH_NOT_OVER = "publication-month-not-over"
    PUBLICATION_WINDOW_TOO_SHORT = "publication-window-too-short"
    QUESTION_TOO_COSTLY = "question-too-costly"
    TOO_MANY_QUESTIONS = "too-many-questions"
    POSITION_NOT_REACHED = "position-not-reached"
    NOT_COVERED = "not-covered"
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
    `others` are further faults of the same event, which are told with this one.
    """

    def __init__(
        self,
        kind: ProblemKind,
        *,
        field: str | None = None,
        values: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        others: Sequence["Refusal"] = (),
    ) -> None:
        super().__init__(kind, field)
        self.kind = kind
        self.field = field
        self.values = values or {}
        self.headers = headers or {}
        self.others = others

    def __str__(self) -> str:
        where = f" at {self.field}" if self.field else ""
        return f"{self.kind}{where} {dict(self.values)}"


def together(faults: Sequence[Refusal]) -> Refusal:
    """The first of the faults of one event, which carries the others; at most FAULTS_MAX are told. There is at least one."""
    first, *others = (each for fault in faults for each in (fault, *fault.others))
    return Refusal(
        first.kind, field=first.field, values=first.values, headers=first.headers, others=others[: FAULTS_MAX - 1]
    )
