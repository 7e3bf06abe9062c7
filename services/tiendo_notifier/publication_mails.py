"""A step of a publication as a mail: what happened to which list, and where it is to be read. It names nobody whom the list names."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final
from urllib.parse import quote

from tiendo_contracts.publications.publication_facts import PUBLICATION_TYPE_PREFIX
from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_domain.months import Month
from tiendo_runtime.mail import Mail

PURPOSE: Final = "publication"
_STEPS: Final = {
    "drafted": "đã lập dự thảo",
    "opened": "đã mở cho giải trình",
    "approved": "đã phê duyệt",
    "published": "đã công khai",
    "corrected": "đã công khai bản đính chính",
    "withdrawn": "đã rút",
}
_FOOT: Final = "Thư tự động của hệ thống theo dõi tiến độ; danh sách đọc trên trang, theo quyền của người đọc."


def publication_mail(text: str, address: str, public_url: str | None) -> Mail:
    """The mail about the fact whose CloudEvent `text` is; with `public_url` it leads to the page of a published list."""
    event = json.loads(text)
    said: Mapping[str, Any] = event["data"]
    step = event["type"].removeprefix(PUBLICATION_TYPE_PREFIX).partition(".")[0]
    month = Month.parse(said["period"])
    period = said["period"] if month is None else f"tháng {month.in_words}"
    subject = f"Danh sách chậm trễ của {said['unit']}, {period}: {_STEPS.get(step, step)}"
    link = None
    if public_url is not None and "number" in said:
        number, _, version = said["number"].rpartition("/")
        link = f"{public_url.rstrip('/')}/cong-khai/{quote(number, safe='')}/{version}"
    lines = [*_lines(said)]
    return Mail(
        purpose=PURPOSE,
        about=event["id"],
        address=address,
        subject=subject,
        text="\n".join([subject, "", *lines, *([link] if link else []), "", _FOOT]) + "\n",
        html="".join(_html(subject, lines, link)),
    )


def _lines(said: Mapping[str, Any]) -> Iterator[str]:
    """What the fact says besides, in sentences."""
    if "number" in said:
        yield f"Số: {said['number']}"
    if "window_ends_at" in said:
        yield f"Nhận giải trình đến: {read_instant(said['window_ends_at']):%H:%M %d/%m/%Y (%Z)}"
    if "reason" in said:
        yield f"Lý do: {said['reason']}"
    document = said.get("document")
    if document:
        yield f"Văn bản: {document['document_number']}"
    yield f"Phiên bản: {said['version']}; mã kiểm tra (SHA-256): {said['digest']}"


def _html(subject: str, lines: list[str], link: str | None) -> Iterator[str]:
    yield f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{escape(subject)}</title></head><body>'
    yield f"<h1>{escape(subject)}</h1>"
    yield from (f"<p>{escape(line)}</p>" for line in lines)
    if link is not None:
        yield f'<p><a href="{escape(link)}">{escape(link)}</a></p>'
    yield f"<p>{escape(_FOOT)}</p></body></html>"
