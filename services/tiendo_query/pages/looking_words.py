"""The way of looking in words, as it stands on a page and on its print."""

from collections.abc import Iterator, Mapping
from typing import Final

from tiendo_contracts.explanation import policy_in_words, until_in_words
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import Basis, Policy
from tiendo_query.pages.bar import Choice, ChoiceBar
from tiendo_query.pages.looking import Looking
from tiendo_query.pages.showing import day

BASIS_WORDS: Final[Mapping[Basis, Words]] = {
    Basis.OCCURRED: Words(vi="theo thời điểm xảy ra", en="by when things happened"),
    Basis.RECORDED: Words(vi="theo thời điểm hệ thống ghi nhận", en="by when systems recorded them"),
}
_ALL_TIME: Final = Words(vi="mọi thời gian", en="all time")
_ALL_UNITS: Final = Words(vi="mọi đơn vị được xem", en="all units that you see")
_LISTS_ONLY: Final = Words(
    vi="danh sách và tổng số luôn tính theo thời điểm xảy ra và chính sách mặc định; lựa chọn khác áp dụng ở trang từng hồ sơ",
    en="lists and totals always go by when things happened and by the default policy; another choice applies to the page of a case",
)


def words_of_looking(bar: ChoiceBar, looking: Looking, as_of: str) -> list[Words]:
    """What the page shows: period, unit, instant, basis and policy, and what was chosen but does not apply here."""
    return [
        *_period(bar),
        *_unit(bar, looking),
        _until(as_of, chosen=(bar.as_of or looking.as_of) is not None),
        *_basis_and_policy(bar, looking),
    ]


def _period(bar: ChoiceBar) -> Iterator[Words]:
    if not bar.offers(Choice.PERIOD):
        return
    if bar.start is None and bar.end is None:
        yield _ALL_TIME
    else:
        parts = (
            ("từ", "from", bar.start),
            ("đến", "to", bar.end),
        )
        shown = [(vi, en, day(on)) for vi, en, on in parts if on is not None]
        yield Words(vi=" ".join(f"{vi} {on}" for vi, _, on in shown), en=" ".join(f"{en} {on}" for _, en, on in shown))


def _unit(bar: ChoiceBar, looking: Looking) -> Iterator[Words]:
    if bar.offers(Choice.UNIT):
        if bar.unit_path is None:
            yield _ALL_UNITS
        else:
            yield Words(vi=f"{bar.unit_path} và các đơn vị trực thuộc", en=f"{bar.unit_path} and the units below it")
    elif looking.unit is not None and bar.offers(Choice.PERIOD):
        yield Words(
            vi=f"đơn vị đã chọn ({looking.unit}) không áp dụng ở trang này",
            en=f"the unit chosen ({looking.unit}) does not apply to this page",
        )


def _until(as_of: str, *, chosen: bool) -> Words:
    until = until_in_words(Instant(read_instant(as_of), as_of))
    vi, en = (", không phải đến hiện tại", ", not up to now") if chosen else ("", "")
    return Words(vi=f"số liệu tính đến {until.vi}{vi}", en=f"figures up to {until.en}{en}")


def _basis_and_policy(bar: ChoiceBar, looking: Looking) -> Iterator[Words]:
    if bar.offers(Choice.BASIS):
        yield BASIS_WORDS[Basis(looking.basis or Basis.OCCURRED)]
        if looking.policy is not None:
            yield policy_in_words(Policy(looking.policy))
    elif looking.basis is not None or looking.policy is not None:
        yield _LISTS_ONLY
