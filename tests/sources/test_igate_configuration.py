"""The configuration of a gateway: strict, and every fault said with its place; and how answers and bounds are written."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tiendo_sources.errors import GatewayConfigurationInvalid
from tiendo_sources.igate.configuration import client_secret, load_configuration
from tiendo_sources.igate.search_answers import PageUnreadable, read_page, written_like

PLAIN = """
source = "/kontum/igate"
base_url = "https://gateway.example/"
token_url = "https://sso.example/token"
client_id = "tiendo"
client_secret_file = "secret.txt"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "igate.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_file_and_the_secret_is_read_when_it_is_needed(tmp_path: Path) -> None:
    found = load_configuration(written(tmp_path, PLAIN))
    assert found.client_secret_file == str(tmp_path / "secret.txt")
    assert found.base_url == "https://gateway.example"
    with pytest.raises(GatewayConfigurationInvalid, match=r"secret\.txt"):
        client_secret(found)
    (tmp_path / "secret.txt").write_text(" s3cret\n", encoding="utf-8")
    assert client_secret(found) == "s3cret"


def test_every_fault_is_told_with_its_place(tmp_path: Path) -> None:
    text = (
        PLAIN.replace("https://gateway.example/", "gateway")
        + 'page_size = 0\npol_seconds = 1\n[status]\n2 = "working"\n'
    )
    with pytest.raises(GatewayConfigurationInvalid) as raised:
        load_configuration(written(tmp_path, text))
    said = str(raised.value).splitlines()
    assert len(said) == 4
    assert all(line.startswith(str(tmp_path / "igate.toml")) for line in said)
    for expected in (
        "base_url: 'gateway' is no address",
        "page_size",
        "pol_seconds: is no key",
        "'working' is no kind",
    ):
        assert any(expected in line for line in said), expected


@pytest.mark.parametrize(
    "address", ["http://h:abc", "http://h:99999", "http://h:0", "http://[::1", "http://a b", "http://h\\u0000"]
)
def test_an_address_that_nothing_can_be_asked_of_is_refused(tmp_path: Path, address: str) -> None:
    text = PLAIN.replace("https://gateway.example/", address)
    with pytest.raises(GatewayConfigurationInvalid, match=r"base_url: .* is no address; write one such as"):
        load_configuration(written(tmp_path, text))


def test_a_secret_of_a_user_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    text = PLAIN.replace("secret.txt", "~nobody-of-this-name/secret.txt")
    with pytest.raises(GatewayConfigurationInvalid, match="client_secret_file: `~` names no folder"):
        load_configuration(written(tmp_path, text))


def test_a_secret_whose_path_is_none_is_said_to_be_so(tmp_path: Path) -> None:
    found = load_configuration(written(tmp_path, PLAIN.replace("secret.txt", "secret\\u0000.txt")))
    with pytest.raises(GatewayConfigurationInvalid, match="cannot be read: that is no path"):
        client_secret(found)


def test_a_file_that_is_not_there_or_no_toml_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(GatewayConfigurationInvalid, match="No such file"):
        load_configuration(tmp_path / "none.toml")
    with pytest.raises(GatewayConfigurationInvalid, match="not TOML"):
        load_configuration(written(tmp_path, "source ="))


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("2022-08-15T08:05:00.123+0700", "2022-08-15T08:00:00.123+0700"),
        ("2022-08-15T08:05:00+07:00", "2022-08-15T08:00:00+07:00"),
        ("2022-08-15T01:05:00.000Z", "2022-08-15T01:00:00.000Z"),
        ("2022-08-15 08:05:00", "2022-08-15 08:00:00"),
    ],
)
def test_a_bound_is_written_as_the_gateway_writes_its_instants(sample: str, expected: str) -> None:
    assert written_like(sample, datetime.fromisoformat(sample), timedelta(minutes=5)) == expected


def test_a_bound_is_in_milliseconds_where_the_gateway_writes_them() -> None:
    changed_at = datetime.fromisoformat("2022-08-15T08:05:00.123+07:00")
    assert written_like("1660525500123", changed_at, timedelta(minutes=5)) == "1660525200123"


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        (b'{"content": [1], "last": false}', False),
        (b'{"content": [1], "number": 1, "totalPages": 2}', True),
        (b'{"content": [1]}', None),
        (b"[1]", None),
    ],
)
def test_a_page_says_whether_more_follow_or_does_not(answer: bytes, last: bool | None) -> None:  # noqa: FBT001 - a case of the table
    page = read_page(answer)
    assert page.entries == [1]
    assert page.is_last is last


@pytest.mark.parametrize("answer", [b"", b"<html>", b'{"content": [', b'{"error": "x"}', b"[" * 100_000])
def test_what_is_no_page_is_said_to_be_none(answer: bytes) -> None:
    with pytest.raises(PageUnreadable):
        read_page(answer)
