"""JSON is read strictly, in linear time, and compared by its canonical form."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tiendo_contracts.problems.problem_documents import ProblemKind, Refusal
from tiendo_contracts.texts.canonical_json import canonical, digest, digest_of_plain
from tiendo_contracts.texts.strict_json import Json, decode, elements, members, parse_text

PROCESSOR_SECONDS_MAX = 60
"""Reading that grows with the square of the length would take hours; in order it takes under a second."""
LENGTH_MAX = 65_536

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-(2.0**53) + 1, 2.0**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def elements_of(text: str) -> Iterator[tuple[str, Json | Refusal]]:
    return elements(text, length_max=LENGTH_MAX)


@contextmanager
def broken_off_after(processor_seconds: float) -> Iterator[None]:
    """Raises TimeoutError in the block when it has used so much of the processor; what else the machine does counts nothing."""

    def break_off(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, break_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, processor_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def parse(text: bytes | str) -> Json:
    return parse_text(decode(text) if isinstance(text, bytes) else text)


def refused(text: bytes | str) -> ProblemKind:
    with pytest.raises(Refusal) as caught:
        parse(text)
    return caught.value.kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b'{"a":"\xff"}', ProblemKind.JSON_NOT_UTF8),
        (b'{"a":"\xed\xa0\x80"}', ProblemKind.JSON_NOT_UTF8),
        (b"\xef\xbb\xbf{}", ProblemKind.JSON_BYTE_ORDER_MARK),
        (b'{"a":"\x00"}', ProblemKind.JSON_NULL_CHARACTER),
        (r'{"a":"\u0000"}', ProblemKind.JSON_NULL_CHARACTER),
        (r'{"\u0000":1}', ProblemKind.JSON_NULL_CHARACTER),
        (r'["\ud800"]', ProblemKind.JSON_LONE_SURROGATE),
        (r'["\udc00\ud800"]', ProblemKind.JSON_LONE_SURROGATE),
        (r'{"\uD83D":1}', ProblemKind.JSON_LONE_SURROGATE),
        ("NaN", ProblemKind.JSON_NOT_A_NUMBER),
        ("[Infinity]", ProblemKind.JSON_NOT_A_NUMBER),
        ('{"a":-Infinity}', ProblemKind.JSON_NOT_A_NUMBER),
        ('{"a":1,"a":1}', ProblemKind.JSON_DUPLICATE_MEMBER),
        ('{"b":[{"a":{"c":1,"d":2,"c":3}}]}', ProblemKind.JSON_DUPLICATE_MEMBER),
        (r'{"a":1,"\u0061":2}', ProblemKind.JSON_DUPLICATE_MEMBER),
        ("9007199254740993", ProblemKind.JSON_NUMBER_TOO_LARGE),
        ("-9007199254740993", ProblemKind.JSON_NUMBER_TOO_LARGE),
        ("9007199254740993.0", ProblemKind.JSON_NUMBER_TOO_LARGE),
        ("9007199254740992.5", ProblemKind.JSON_NUMBER_TOO_LARGE),
        ("1e400", ProblemKind.JSON_NUMBER_TOO_LARGE),
        ("-1e400", ProblemKind.JSON_NUMBER_TOO_LARGE),
        ("1e999999999999999999999", ProblemKind.JSON_NUMBER_TOO_LARGE),
        ("9" * 60_000, ProblemKind.JSON_NUMBER_TOO_LARGE),
        ("[" * 33 + "]" * 33, ProblemKind.JSON_TOO_DEEP),
        ("[" * 100_000 + "]" * 100_000, ProblemKind.JSON_TOO_DEEP),
        ("[" * 100_000, ProblemKind.JSON_TOO_DEEP),
        ('{"a":' * 33 + "1" + "}" * 33, ProblemKind.JSON_TOO_DEEP),
        ("", ProblemKind.JSON_INVALID),
        (" \n", ProblemKind.JSON_INVALID),
        ("{} {}", ProblemKind.JSON_INVALID),
        ("[1,]", ProblemKind.JSON_INVALID),
        ("{'a':1}", ProblemKind.JSON_INVALID),
        ('{"a":01}', ProblemKind.JSON_INVALID),
        ('{"a":.5}', ProblemKind.JSON_INVALID),
        ('{"a":1.}', ProblemKind.JSON_INVALID),
        ('{"a":+1}', ProblemKind.JSON_INVALID),
        ('{"a":\u0661}', ProblemKind.JSON_INVALID),
        ('{"a":"\t"}', ProblemKind.JSON_INVALID),
        (r'["\x41"]', ProblemKind.JSON_INVALID),
        (r'["\u12"]', ProblemKind.JSON_INVALID),
        ("\u00a0{}", ProblemKind.JSON_INVALID),
        ("// note\n{}", ProblemKind.JSON_INVALID),
    ],
)
def test_what_two_programs_could_read_in_two_ways_is_refused_by_name(text: bytes | str, kind: ProblemKind) -> None:
    assert refused(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        r'["\ud83d\ude00"]',
        r'["\\u0000 \\ud800"]',
        "[" * 32 + "]" * 32,
        "9007199254740992",
        "-9007199254740992",
        "9007199254740992.0",
        '{"a":{"a":{"a":1}}}',
        '{"a":1,"A":2,"á":3,"a\u0301":4}',
        ' \t\r\n{"a":"\u2028\u2029\x7f"} \t\r\n',
    ],
)
def test_what_all_programs_read_alike_is_read(text: str) -> None:
    assert parse(text) == json.loads(text)


@given(value=values)
def test_every_json_value_within_the_limits_is_read_as_it_was_written(value: Any) -> None:
    assert parse(json.dumps(value)) == value


@pytest.mark.parametrize("text", ["240", "240.0", "2.4e2", "24E+1", "2400e-1", "240.000"])
def test_a_number_is_the_same_however_it_is_written(text: str) -> None:
    assert digest(parse(f'{{"n":{text}}}')) == digest({"n": 240})


def test_only_a_number_written_without_point_and_exponent_is_an_integer() -> None:
    assert [type(parse(text)) for text in ("240", "-0", "240.0", "2.4e2", "1e-400", "0e0")] == [int, int] + [float] * 4


def test_true_is_not_one_and_the_empty_text_is_not_null() -> None:
    assert (
        len({digest(parse(text)) for text in ("1", "true", '"1"', "[1]", "null", '""', "false", "0", "{}", "[]")}) == 10
    )


def test_negative_zero_is_zero() -> None:
    assert canonical(parse("[-0,-0.0,0e5]")) == b"[0,0,0]"


@given(value=values)
def test_the_canonical_form_is_that_of_rfc_8785(value: Any) -> None:
    read = parse(json.dumps(value))
    assert canonical(read) == rfc8785.dumps(read)


@given(
    value=st.dictionaries(st.text("abcxyz_-", max_size=5), st.integers(-(2**53), 2**53) | texts | st.none(), max_size=5)
)
def test_the_fast_digest_equals_the_exact_one(value: dict[str, Any]) -> None:
    assert digest_of_plain({"data": value}) == digest({"data": value})


@given(value=st.dictionaries(texts, values, max_size=5), spaced=st.booleans())
def test_the_members_of_an_object_keep_their_text(value: dict[str, Any], *, spaced: bool) -> None:
    text = json.dumps(value, indent=1 if spaced else None)
    parts = dict(members(text))
    assert list(parts) == list(value)
    assert all(json.loads("{" + part + "}") == {name: value[name]} for name, part in parts.items())


@given(items=st.lists(values, max_size=6), spaced=st.booleans())
def test_a_batch_is_divided_into_its_elements(items: list[Any], *, spaced: bool) -> None:
    found = list(elements_of(json.dumps(items, indent=2 if spaced else None)))
    assert [value for _, value in found] == items
    assert [json.loads(text) for text, _ in found] == items


def test_a_bad_element_leaves_the_others_readable() -> None:
    bad = ['{"a":1,"a":2}', r'"\u0000"', "[" * 50 + "]" * 50, "1e400", "NaN", r'{"a":["\ud800","]}\""]}']
    found = list(elements_of("[1," + ",2,".join(bad) + ",3]"))
    kinds = [value.kind for _, value in found if isinstance(value, Refusal)]
    assert [value for _, value in found if not isinstance(value, Refusal)] == [1, 2, 2, 2, 2, 2, 3]
    assert [text for text, value in found if isinstance(value, Refusal)] == bad
    assert kinds == [
        ProblemKind.JSON_DUPLICATE_MEMBER,
        ProblemKind.JSON_NULL_CHARACTER,
        ProblemKind.JSON_TOO_DEEP,
        ProblemKind.JSON_NUMBER_TOO_LARGE,
        ProblemKind.JSON_NOT_A_NUMBER,
        ProblemKind.JSON_LONE_SURROGATE,
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{}", ProblemKind.BATCH_NOT_AN_ARRAY),
        ("1", ProblemKind.BATCH_NOT_AN_ARRAY),
        ("", ProblemKind.JSON_INVALID),
        ("[", ProblemKind.JSON_INVALID),
        ("[1", ProblemKind.JSON_INVALID),
        ("[1,]", ProblemKind.JSON_INVALID),
        ("[1 2]", ProblemKind.JSON_INVALID),
        ("[1]]", ProblemKind.JSON_INVALID),
        ('[{"a":1e400,"b":"', ProblemKind.JSON_INVALID),
        ("[" * 100_000, ProblemKind.JSON_INVALID),
        ("\ufeff[]", ProblemKind.JSON_BYTE_ORDER_MARK),
    ],
)
def test_a_batch_that_cannot_be_divided_is_refused_as_a_whole(text: str, kind: ProblemKind) -> None:
    with pytest.raises(Refusal) as caught:
        list(elements_of(text))
    assert caught.value.kind is kind


def test_elements_around_the_limit_are_read_and_longer_ones_are_refused_unread() -> None:
    def sized(length: int) -> str:
        return '"' + "x" * (length - 2) + '"'

    lengths = [4_095, 4_096, 4_097, LENGTH_MAX - 1, LENGTH_MAX, LENGTH_MAX + 1, 3 * LENGTH_MAX]
    found = list(elements_of("[" + ",".join(map(sized, lengths)) + ",7]"))
    assert [len(text) for text, _ in found] == [*(min(length, LENGTH_MAX) for length in lengths), 1]
    too_large = [value.kind for _, value in found if isinstance(value, Refusal)]
    assert too_large == [ProblemKind.EVENT_TOO_LARGE] * 2
    numbers = f"[{'1' * 16},{' ' * 4_080}{'2' * 16}{' ' * 4_088}, {'3' * 16}]"
    assert [value for _, value in elements_of(numbers)] == [int(digit * 16) for digit in "123"]
    assert [value.kind for _, value in elements_of("[" + "1" * 70_000 + "]") if isinstance(value, Refusal)]


@pytest.mark.parametrize(
    "text",
    [
        '[{"a":1e400,"b":"' + '\\"' * 1_000_000,
        "[{" + ",".join(f'"{number}":1' for number in range(300_000)) + ',"299999":1}]',
        "[" + "[" * 2_000_000,
        "[1e400," + '"' * 1_000_001,
        "[" + " " * 4_000_000,
    ],
    ids=["endless string", "many members", "deep", "quotes", "spaces"],
)
def test_hostile_text_is_read_in_linear_time(text: str) -> None:
    with broken_off_after(PROCESSOR_SECONDS_MAX), suppress(Refusal):
        for _ in elements_of(text):
            pass
