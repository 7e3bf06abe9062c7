"""A form with a file is read part by part; what is no form of ours is read no deeper and no longer than one."""

import pytest
from starlette.requests import Request
from starlette.types import Message

from tiendo_query.pages.sent_forms import sent_file


def sent(body: bytes) -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", b"multipart/form-data; boundary=b0")]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def part(disposition: str, content: bytes) -> bytes:
    return b"--b0\r\nContent-Disposition: form-data; " + disposition.encode() + b"\r\n\r\n" + content + b"\r\n"


async def test_fields_and_the_file_are_what_was_filled_in() -> None:
    table = "Mã hồ sơ;Số\r\n\r\n--b;1\r\n".encode()
    body = part('name="text"', " Đã kiểm tra.\r\nHai ".encode()) + part('name="file"; filename="bảng.csv"', table)
    assert await sent_file(sent(body + b"--b0--\r\n")) == ({"text": "Đã kiểm tra.\nHai"}, table)


@pytest.mark.parametrize(
    "body",
    [
        b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(5_000)),
        part('name="a"' + "; a*1*=x" * 100_000, b"x"),
        b"--b0",
        b"",
    ],
    ids=["nested", "long head", "nothing in it", "empty"],
)
async def test_what_is_no_form_of_ours_says_nothing(body: bytes) -> None:
    assert await sent_file(sent(body)) == ({}, b"")
