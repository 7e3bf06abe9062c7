"""The places that the head of every page leads to, and to whom each is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.pages.desk_visitors import decides, gives_evidence, is_officer, reads_lists
from tiendo_runtime.authentication import Caller
from tiendo_runtime.authentication.people import Role, SignedInPerson


def anybody(caller: Caller | None) -> bool:  # noqa: ARG001 - whoever it is
    """Shown to all who see lists and figures at all."""
    return True


def administers(caller: Caller | None) -> bool:
    """Shown to operators and auditors."""
    return isinstance(caller, SignedInPerson) and bool(caller.roles & {Role.OPERATOR, Role.AUDITOR})


def signed_in(caller: Caller | None) -> bool:
    """Shown to who has signed in."""
    return caller is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A page that the head leads to. Not being led there forbids nothing: the page's own guard decides."""

    path: str
    words: Words
    shown_to: Callable[[Caller | None], bool] = anybody


PLACES: Final = (
    Destination(path="/desk", words=Words(vi="Việc của tôi", en="My work"), shown_to=is_officer),
    Destination(path="/desk/unit", words=Words(vi="Đơn vị tôi", en="My unit"), shown_to=decides),
    Destination(path="/desk/decisions", words=Words(vi="Quyết định", en="Decisions"), shown_to=decides),
    Destination(path="/desk/late-entries", words=Words(vi="Quên thao tác", en="Late entries"), shown_to=gives_evidence),
    Destination(path="/desk/publications", words=Words(vi="Danh sách tháng", en="Monthly lists"), shown_to=reads_lists),
    Destination(path="/", words=Words(vi="Tổng hợp", en="Overview")),
    Destination(path="/cases", words=Words(vi="Hồ sơ", en="Cases")),
    Destination(path="/officers", words=Words(vi="Công chức", en="Officers"), shown_to=signed_in),
    Destination(path="/procedures", words=Words(vi="Thủ tục", en="Procedures")),
    Destination(path="/flows", words=Words(vi="Luồng chuyển", en="Flow")),
    Destination(path="/difficulties", words=Words(vi="Khó khăn, vướng mắc", en="Difficulties"), shown_to=reads_lists),
    Destination(path="/forms/ii06a", words=Words(vi="Biểu báo cáo", en="Forms"), shown_to=reads_lists),
    Destination(path="/quality", words=Words(vi="Chất lượng", en="Quality")),
    Destination(path="/sources", words=Words(vi="Nguồn", en="Sources"), shown_to=signed_in),
    Destination(path="/rule-book", words=Words(vi="Quy tắc", en="Rules")),
    Destination(path="/cong-khai", words=Words(vi="Công khai", en="Published lists")),
    Destination(path="/administration", words=Words(vi="Quản trị", en="Administration"), shown_to=administers),
)
"""In the order of the head. A page that is reached from others alone stands in none."""
