"""The fields by which the list of cases is narrowed, each with what it asks now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.explanation import CLASS_WORDS, STATE_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_contracts.quality_words import quality_title
from tiendo_domain.quality import ACROSS_CASES, QUALITY_KINDS
from tiendo_query.cases.case_sorts import SortColumn
from tiendo_query.figures.figure_lists import FIGURE_WORDS
from tiendo_query.pages.cases.parameters import CasesParameters
from tiendo_query.pages.looking import text_of
from tiendo_query.query_side import Snapshot

PROCEDURES_MAX: Final = 400
CHANNELS: Final = ("counter", "online", "post")
"""How applications usually come in; a source may say otherwise."""

_ANY: Final = ("", Words(vi="tất cả", en="all"))
_YES_OR_NO: Final = (_ANY, ("true", Words(vi="có", en="yes")), ("false", Words(vi="không", en="no")))

Option = tuple[str, Words | str]

_COLUMNS: Final = {
    SortColumn.CASE: Words(vi="mã hồ sơ", en="code of the case"),
    SortColumn.LATENESS: Words(vi="phút quá hạn", en="minutes overdue"),
    SortColumn.PROCEDURE: Words(vi="mã thủ tục", en="procedure code"),
    SortColumn.UNIT: Words(vi="mã đơn vị giải quyết", en="id of the unit responsible"),
    SortColumn.RECEIVED: Words(vi="ngày tiếp nhận", en="reception"),
    SortColumn.DUE: Words(vi="hạn tính quá hạn", en="due that is judged"),
}
_WAYS: Final = {"": Words(vi="tăng dần", en="rising"), "-": Words(vi="giảm dần", en="falling")}
SORT_OPTIONS: Final[Sequence[Option]] = (
    ("", Words(vi="thường lệ", en="as usual")),
    *(
        (f"{way}{column}", Words(vi=f"{words.vi}, {told.vi}", en=f"{words.en}, {told.en}"))
        for column, words in _COLUMNS.items()
        for way, told in _WAYS.items()
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterField:
    """A field: with `options` one of them is chosen, else `suggested` may be typed; `value` is what is asked now."""

    name: str
    words: Words
    value: str
    options: Sequence[Option] = ()
    suggested: Sequence[Option] = ()
    kind: str = "text"


def filter_fields(snapshot: Snapshot, asked: CasesParameters, *, people: bool) -> list[FilterField]:
    """The fields; those about people only for who sees names."""
    own = {name: text_of(value) for name, value in asked.own.items()}

    def field(name: str, vi: str, en: str, options: Sequence[Option] = (), **more: str) -> FilterField:
        return FilterField(name=name, words=Words(vi=vi, en=en), value=own.get(name, ""), options=options, **more)  # type: ignore[arg-type]

    titles = [(str(kind), quality_title(kind)) for kind in QUALITY_KINDS if kind not in ACROSS_CASES]
    found = [
        field("text", "Mã hoặc tên", "Code or name"),
        field("figure", "Con số", "Figure", [_ANY, *((one.value, words) for one, words in FIGURE_WORDS.items())]),
        field("open", "Đang giải quyết", "Open", _YES_OR_NO),
        field("overdue", "Quá hạn", "Overdue", _YES_OR_NO),
        field("state", "Trạng thái", "State", [_ANY, *((one.value, words) for one, words in STATE_WORDS.items())]),
        field("class", "Phân loại", "Class", [_ANY, *((one.value, words) for one, words in CLASS_WORDS.items())]),
        field("lateness_min", "Quá hạn ít nhất (phút)", "Overdue at least (minutes)", kind="number"),
        _suggesting(field("procedure", "Mã thủ tục", "Procedure code"), _procedures(snapshot)),
        field("field", "Mã lĩnh vực", "Field code"),
        _suggesting(field("channel", "Kênh tiếp nhận", "Channel"), [(one, "") for one in CHANNELS]),
        field("quality", "Điểm bất thường", "Irregularity", [_ANY, *titles]),
    ]
    if people:
        found.append(field("officer", "Mã công chức", "Officer's id"))
    return [*found, field("sort", "Xếp theo", "Sorted by", SORT_OPTIONS)]


def _suggesting(field: FilterField, suggested: Sequence[Option]) -> FilterField:
    return FilterField(name=field.name, words=field.words, value=field.value, suggested=suggested)


def _procedures(snapshot: Snapshot) -> list[Option]:
    return [(procedure, "") for procedure in sorted(snapshot.rules.procedures)[:PROCEDURES_MAX]]
