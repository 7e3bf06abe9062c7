"""What the page of administration shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from tiendo_contracts.directory import directory_event
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_contracts.rules_file import RulesFileError, definitions_to_append, parse
from tiendo_domain.rules import Definition, RuleBook
from tiendo_domain.rules.definitions import DirectoryFact
from tiendo_domain.vietnamese_order import text_order
from tiendo_query.pages.administration.in_force import RulesInForce
from tiendo_query.pages.paging import Paged, paged
from tiendo_query.pages.showing import NOTHING, Said, moment
from tiendo_query.pages.sorted_columns import SortedColumns
from tiendo_query.query_side import Snapshot
from tiendo_query.questions.periods import shown
from tiendo_read_models.refolding import count_touched
from tiendo_runtime.authentication.keys import KeyEntry
from tiendo_runtime.authentication.people import Role, SignedInPerson

FACTS_SHOWN: Final = 40
ENTRIES_SHOWN: Final = 50
_ROLE_WORDS: Final[Mapping[Role, Words]] = {
    Role.OFFICER: Words(
        vi="công chức, viên chức: số liệu của chính mình, giải trình", en="officer: own figures, explanations"
    ),
    Role.UNIT_MANAGER: Words(vi="thủ trưởng đơn vị: đơn vị mình, quyết định", en="head of a unit: the unit, decisions"),
    Role.PUBLISHER: Words(vi="người công khai: danh sách công khai", en="publisher: monthly lists"),
    Role.OFFICE: Words(vi="Văn phòng: quyết định, công khai", en="the Office: decisions, monthly lists"),
    Role.AUDITOR: Words(vi="người kiểm tra: chỉ xem, cả nhật ký truy cập", en="auditor: reads, the access log too"),
    Role.OPERATOR: Words(vi="người vận hành: chỉ xem, cả trang này", en="operator: reads, this page too"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key; texts are empty where it is bound to nothing or has no end."""

    id: str
    name: str
    scopes: str
    bounds: str
    created: str
    expires: str
    last_used: str
    state: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """A role, and the scopes that it gives."""

    role: str
    words: Words
    scopes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """A fact of the directory: what it defines, since when it is known, and its place in the log."""

    what: str
    subject: str
    known: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a change of rules would do: what it would define anew, and how many cases would be folded again; or what is wrong with it."""

    text: str
    problems: Sequence[str] = ()
    definitions: Sequence[tuple[str, str]] = ()
    touched: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrationView:
    """All parts of the page; `trial` is None where nothing was tried, `entries` for who may not read the access log.

    Older entries have numbers below `older`; None: there are none.
    """

    keys: Sequence[KeyRow]
    roles: Sequence[RoleRow]
    entries: Sequence[Mapping[str, Any]] | None
    older: int | None
    facts: Paged[FactRow]
    fact_count: int
    counts: Sequence[tuple[Said, int]]
    in_force: RulesInForce
    trial: Trial | None


KEYS_SORTED: Final[SortedColumns[KeyEntry]] = SortedColumns(
    keys={
        "id": lambda one: one.key.key_id,
        "name": lambda one: text_order(one.key.name),
        "scopes": lambda one: ", ".join(sorted(one.key.scopes)),
        "created": lambda one: one.created_at,
        "expires": lambda one: one.expires_at,
        "last_used": lambda one: one.last_used_at,
    },
    falling=frozenset({"created", "last_used"}),
    usual="-created",
)


def key_rows(entries: Sequence[KeyEntry], zone: ZoneInfo, now: datetime, *, sort: str | None = None) -> list[KeyRow]:
    """The keys, the newest first unless `sort` says otherwise."""
    return [_key_row(one, zone, now) for one in KEYS_SORTED.in_order(reversed(entries), sort)]


def _key_row(one: KeyEntry, zone: ZoneInfo, now: datetime) -> KeyRow:
    def at(instant: datetime | None) -> str:
        return NOTHING if instant is None else moment(shown(instant, zone))

    key = one.key
    bounds = [*(key.sources or ()), *(key.cases or ()), *(key.units or ())]
    if one.revoked_at is not None:
        state = Words(vi="đã thu hồi", en="revoked")
    elif one.expires_at is not None and one.expires_at <= now:
        state = Words(vi="đã hết hạn", en="expired")
    elif not one.is_sealed:
        state = Words(vi="bị từ chối: không khớp nhật ký", en="refused: the log does not say so")
    else:
        state = Words(vi="đang dùng được", en="valid")
    return KeyRow(
        id=key.key_id,
        name=key.name,
        scopes=", ".join(sorted(key.scopes)),
        bounds=", ".join(bounds),
        created=at(one.created_at),
        expires=at(one.expires_at),
        last_used=at(one.last_used_at),
        state=state,
    )


def role_rows() -> list[RoleRow]:
    """Every role with the scopes that it gives."""
    return [RoleRow(role=role.value, words=_ROLE_WORDS[role], scopes=", ".join(sorted(_scopes(role)))) for role in Role]


def _scopes(role: Role) -> frozenset[str]:
    person = SignedInPerson(subject="", name="", roles=frozenset({role}), units=None, officer_id="")
    return frozenset(scope.value for scope in person.scopes)


def fact_page(facts: Sequence[DirectoryFact], zone: ZoneInfo, page: int) -> Paged[FactRow]:
    """A page of the facts, the newest first; raises the refusal of one that is not there."""
    found = paged(facts[::-1], page, FACTS_SHOWN)
    rows = [_fact_row(fact, zone) for fact in found.items]
    return Paged(items=rows, page=found.page, page_count=found.page_count, start=found.start)


def _fact_row(fact: DirectoryFact, zone: ZoneInfo) -> FactRow:
    what, subject = _named(fact.definition, fact.ingested_at)
    return FactRow(what=what, subject=subject, known=moment(shown(fact.ingested_at, zone)), position=fact.position)


def _named(definition: Definition, at: datetime) -> tuple[str, str]:
    """What a definition defines, as the log and the command line call it."""
    event = directory_event(definition, at=at)
    return event["type"].split(".")[-2].removesuffix("-defined"), event["subject"]


def rule_counts(rules: RuleBook) -> list[tuple[Said, int]]:
    """How much is in force."""
    return [
        (Words(vi="lịch làm việc", en="calendars"), len(rules.calendars)),
        (Words(vi="đơn vị", en="units"), len(rules.units)),
        (Words(vi="thủ tục có cấu hình", en="procedures configured"), len(rules.procedures)),
        (Words(vi="thủ tục có bước", en="procedures with steps"), len(rules.steps)),
    ]


async def tried(snapshot: Snapshot, text: str) -> Trial:
    """What applying the text of a rules file would do, by the very functions that apply it; nothing is written."""
    now = datetime.now(UTC)
    try:
        definitions = definitions_to_append(parse(text), snapshot.rules)
    except RulesFileError as error:
        return Trial(text=text, problems=str(error).splitlines())
    book = snapshot.rules.with_definitions(definitions, known_since=now)
    return Trial(
        text=text,
        definitions=[_named(definition, now) for definition in definitions],
        touched=await count_touched(snapshot.reader.connection, snapshot.rules, book) if definitions else 0,
    )
