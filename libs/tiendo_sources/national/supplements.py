"""The entries of DanhSachHoSoBoSung: a pause each, with the due before it and the one after it (rule N1)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from msgspec import Struct, structs

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_domain.names import name_key
from tiendo_sources.national.applicants import Applicant
from tiendo_sources.national.dates import meaning
from tiendo_sources.national.keys import entry_key
from tiendo_sources.national.pauses import PauseKind
from tiendo_sources.national.texts import Record, instant_of, lines, moment_of, text_of

ENTRIES_MAX: Final = 200

_OBLIGATION: Final = re.compile(r"nghĩa vụ tài chính")
_SUSPENDED: Final = re.compile(r"(?:tạm dừng|tạm ngừng|tạm đình chỉ|dừng xử lý|dừng giải quyết|ngừng giải quyết)")
_TO_BE_PAID: Final = re.compile(r"(?:nộp|đóng|thanh toán|thu) (?:tiền|thuế|phí|lệ phí|khoản)|thông báo thuế|thanh toán")
_PAPERS: Final = re.compile(r"bổ sung|giấy tờ|thành phần hồ sơ")
_BY_STATE: Final = {5: PauseKind.SUPPLEMENT, 6: PauseKind.PAYMENT, 8: PauseKind.SUSPENSION}
_A_LIST: Final = Words(en=f"a list of at most {ENTRIES_MAX} objects", vi=f"danh sách tối đa {ENTRIES_MAX} đối tượng")


class SupplementEntry(Struct, frozen=True, kw_only=True):
    """One entry: which it is, the pause that it tells, who asked when and who took the answer when, the due before and after.

    A due that is a date is one without a time of day.
    """

    key: str
    pause: PauseKind
    requested_at: datetime | None
    requested_by: str
    reason: str | None
    answered_at: datetime | None
    answered_by: str
    due_before: datetime | date | None
    due_after: datetime | date | None


def entries_of(record: Record, name: str, state: int | None, applicant: Applicant) -> list[SupplementEntry]:
    """The entries in the order in which they were asked for, those without an instant last; raises `Refusal`.

    What an entry is about its text says; for the latest one without an answer also the state of the dossier.
    """
    listed = record.get(name)
    if listed is None or listed == "":
        return []
    if not isinstance(listed, list) or len(listed) > ENTRIES_MAX or not all(isinstance(one, Mapping) for one in listed):
        raise Refusal(ProblemKind.VALUE_INVALID, field=name, values={"expected": _A_LIST})
    entries = sorted((_entry(one, applicant) for one in listed), key=_asked)
    return _with_state(entries, state)


def _entry(record: Record, applicant: Applicant) -> SupplementEntry:
    requested_at = instant_of(record, "NgayBoSung")
    text = applicant.left_out_of(text_of(record, "NoiDungBoSung"))
    return SupplementEntry(
        key=entry_key(text_of(record, "HoSoBoSungId") or meaning(requested_at)),
        pause=_pause(text),
        requested_at=requested_at,
        requested_by=applicant.left_out_of_name(text_of(record, "NguoiYeuCauBoSung")),
        reason=lines(text),
        answered_at=instant_of(record, "NgayTiepNhanBoSung"),
        answered_by=applicant.left_out_of_name(text_of(record, "NguoiTiepNhanBoSung")),
        due_before=moment_of(record, "NgayHenTraTruoc"),
        due_after=moment_of(record, "NgayHenTraMoi"),
    )


def _pause(text: str) -> PauseKind:
    said = name_key(text).casefold()
    if _OBLIGATION.search(said):
        return PauseKind.PAYMENT
    if _SUSPENDED.search(said):
        return PauseKind.SUSPENSION
    if _TO_BE_PAID.search(said) and not _PAPERS.search(said):
        return PauseKind.PAYMENT
    return PauseKind.SUPPLEMENT


def _asked(entry: SupplementEntry) -> tuple[bool, str, str]:
    return entry.requested_at is None, meaning(entry.requested_at), entry.key


def _with_state(entries: Sequence[SupplementEntry], state: int | None) -> list[SupplementEntry]:
    """The same, the latest without an answer being about what the state says, where its text says nothing of it."""
    found = list(entries)
    latest = next((place for place in reversed(range(len(found))) if _is_open(found[place])), None)
    if latest is not None and found[latest].pause is PauseKind.SUPPLEMENT and state in _BY_STATE:
        found[latest] = structs.replace(found[latest], pause=_BY_STATE[state])
    return found


def _is_open(entry: SupplementEntry) -> bool:
    return entry.requested_at is not None and entry.answered_at is None
