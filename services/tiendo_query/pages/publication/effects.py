"""What a step of a list means for the people whom the list names, in sentences; counted from the content that the step would make."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tiendo_contracts.explanation import moment_of_text
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_contracts.texts.canonical_json import digest
from tiendo_domain.monthly_list.listed_content import PARTS, Content
from tiendo_domain.monthly_list.listing import WithheldFor
from tiendo_domain.monthly_list.public_view import named_rows
from tiendo_domain.monthly_list.workflow import ListState, StepKind
from tiendo_query.publications.list_words import withheld_words
from tiendo_query.publications.publishing import JudgedStep

_NAMES_MAX: Final = 40
_BEARING: Final = ("officers", "open_overdue")
Row = Mapping[str, Any]


def effect_of(judged: JudgedStep) -> str:
    """What tells whether the step still means for everybody what was shown: the digest of all rows that it would make."""
    return digest({part: judged.content[part] for part in PARTS}).hex()


def effects_of(judged: JudgedStep) -> list[Words]:
    """The sentences of the second step."""
    content, said = judged.content, judged.step.said
    match judged.step.kind:
        case StepKind.OPENED:
            return [*_opened(content, said), _NOBODY_YET]
        case StepKind.APPROVED:
            return [*_naming(content, _LATER), _changed(content), *_signed(said)]
        case StepKind.PUBLISHED:
            return _naming(content, _now_under(said["number"]))
        case StepKind.CORRECTED:
            return [*_naming(content, _now_under(said["number"])), _changed(content), _KEPT, *_signed(said)]
        case _:
            return _withdrawn(judged)


_NOBODY_YET: Final = Words(vi="Chưa ai được nêu tên công khai.", en="Nobody is named in public yet.")
_KEPT: Final = Words(vi="Phiên bản trước vẫn đọc được.", en="The version before stays readable.")
_LATER: Final = Words(
    vi="sẽ được nêu tên công khai khi danh sách được công khai", en="will be named when the list is published"
)


def _now_under(number: str) -> Words:
    return Words(
        vi=f"sẽ được nêu tên công khai, ngay lúc này, với số {number}",
        en=f"will be named in public at once, as {number}",
    )


def _opened(content: Content, said: Mapping[str, Any]) -> list[Words]:
    people, until = _people(row for part in _BEARING for row in content[part]), moment_of_text(said["window_ends_at"])
    return [
        Words(
            vi=f"{len(people)} người trong danh sách được giải trình đến {until}{_names(people).vi}.",
            en=f"{len(people)} people in the list may explain themselves until {until}{_names(people).en}.",
        )
    ]


def _naming(content: Content, when: Words) -> list[Words]:
    """Who is named, in each part of the list, and who is not, and why."""
    named = _people(named_rows(content, "officers"), minutes=True)
    found = [
        Words(
            vi=f"{len(named)} người {when.vi}{_names(named).vi}.",
            en=f"{len(named)} people {when.en}{_names(named).en}.",
        )
    ]
    overdue = _people(named_rows(content, "open_overdue"))
    if overdue:
        found.append(
            Words(
                vi=f"{len(overdue)} người được nêu ở phần tạm tính, về hồ sơ quá hạn chưa xong{_names(overdue).vi}.",
                en=f"{len(overdue)} people are named in the provisional part, for cases open and overdue{_names(overdue).en}.",
            )
        )
    if punctual := len(named_rows(content, "officers_without_late_case")):
        found.append(
            Words(
                vi=f"{punctual} người được nêu vì không có hồ sơ chậm.",
                en=f"{punctual} people are named for having no late case.",
            )
        )
    return [*found, *_withheld(content)]


def _withheld(content: Content) -> list[Words]:
    """A sentence for each reason for which somebody is not named; each person once, by the first part that withholds them."""
    reasons: dict[str, WithheldFor] = {}
    rows = [row for part in PARTS for row in content[part] if row.get("withheld") is not None]
    for row in rows:
        reasons.setdefault(row["officer"]["key"], WithheldFor(row["withheld"]))
    found = []
    for reason in WithheldFor:
        people = _people(row for row in rows if reasons[row["officer"]["key"]] is reason)
        if people:
            why = withheld_words(reason)
            found.append(
                Words(
                    vi=f"{len(people)} người không nêu tên vì {why.vi}{_names(people).vi}.",
                    en=f"{len(people)} people are not named, since {why.en}{_names(people).en}.",
                )
            )
    return found


def _changed(content: Content) -> Words:
    changed = len(content["differences"])
    if not changed:
        return Words(vi="Không số liệu nào thay đổi.", en="No figure changes.")
    return Words(vi=f"{changed} số liệu thay đổi, xem bên dưới.", en=f"{changed} figures change, see below.")


def _signed(said: Mapping[str, Any]) -> list[Words]:
    signer, number = said["approved_by"], said["document"]["document_number"]
    who = ", ".join(part for part in (signer["name"], signer.get("position")) if part)
    return [Words(vi=f"Người ký: {who}; văn bản số {number}.", en=f"Signed by {who}; document {number}.")]


def _withdrawn(judged: JudgedStep) -> list[Words]:
    if judged.found.list.state is not ListState.PUBLISHED:
        return [
            _NOBODY_YET,
            Words(
                vi="Danh sách dừng lại ở đây; có thể lập danh sách mới.",
                en="The list ends here; a new one may be drafted.",
            ),
        ]
    people = _people(row for part in PARTS for row in named_rows(judged.content, part))
    return [
        Words(
            vi=f"{len(people)} người đang được nêu tên: họ tên được gỡ ngay khỏi trang công khai và mọi phiên bản{_names(people).vi}.",
            en=f"{len(people)} people are named now: the names leave the public page and all versions at once{_names(people).en}.",
        ),
        Words(vi="Số, ngày và lý do vẫn đọc được.", en="Number, date and reason stay readable."),
    ]


def _people(rows: Iterable[Row], *, minutes: bool = False) -> Sequence[tuple[str, int | None]]:
    """Each person of the rows once, by name, with their minutes if so asked."""
    found: dict[str, tuple[str, int | None]] = {}
    for row in rows:
        officer = row["officer"]
        borne = row["attributed_minutes"] + row["late_entry_minutes"] if minutes else None
        found.setdefault(officer["key"], (officer["name"] or officer["id"] or "?", borne))
    return list(found.values())


def _names(people: Sequence[tuple[str, int | None]]) -> Words:
    """The names behind a colon; beyond so many how many more there are. Empty for nobody."""
    if not people:
        return Words(vi="", en="")
    shown, more = people[:_NAMES_MAX], len(people) - _NAMES_MAX
    vi = ", ".join(name if minutes is None else f"{name} ({minutes} phút)" for name, minutes in shown)
    en = ", ".join(name if minutes is None else f"{name} ({minutes} minutes)" for name, minutes in shown)
    return Words(
        vi=f": {vi}, và {more} người khác" if more > 0 else f": {vi}",
        en=f": {en}, and {more} others" if more > 0 else f": {en}",
    )
