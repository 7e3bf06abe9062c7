"""A digest as a mail: the same in plain text and in plain HTML."""

from collections.abc import Iterator
from html import escape
from typing import Final
from urllib.parse import quote

from tiendo_contracts.answers.common import SIMULATED_NOTICE
from tiendo_query.early_warning.digests import Digest, DigestLine, DigestSection
from tiendo_runtime.mail import Mail

PURPOSE: Final = "digest"
_FOOT: Final = (
    "Danh sách để xử lý trong ngày, không phải kết luận về trách nhiệm của ai. "
    "Dự kiến được tính từ định mức các bước và từ các hồ sơ đã giải quyết trước đó."
)


def digest_mail(digest: Digest, public_url: str | None) -> Mail:
    """The mail of a digest; with `public_url` each case is a link to its page."""
    day = digest.on_day.strftime("%d/%m/%Y")
    heading = f"Hồ sơ cần xử lý ngày {day}: {digest.name}"
    return Mail(
        purpose=PURPOSE,
        about=digest.recipient.about,
        address=digest.recipient.address,
        subject=f"Hồ sơ sắp đến hạn, dự kiến quá hạn ngày {day}: {digest.cases} hồ sơ",
        text="\n".join(_text(digest, heading)) + "\n",
        html="".join(_html(digest, heading, None if public_url is None else public_url.rstrip("/"))),
    )


def _text(digest: Digest, heading: str) -> Iterator[str]:
    yield heading
    if digest.simulated:
        yield SIMULATED_NOTICE
    for section in digest.sections:
        yield from ("", f"{section.title} ({len(section.lines) + section.left_out})")
        for line in section.lines:
            yield f"- {line.case_id}: {'; '.join(_said(line))}"
        yield from _more(section)
    yield from ("", _FOOT)


def _said(line: DigestLine) -> Iterator[str]:
    """What is said of a case behind its code, as far as it is known."""
    yield f"hạn {line.due}"
    yield from (part for part in (line.left, line.procedure, line.step and f"bước {line.step}", line.holder) if part)
    if line.why:
        yield line.why


def _more(section: DigestSection) -> Iterator[str]:
    if section.left_out:
        yield f"… và {section.left_out} hồ sơ khác"


def _html(digest: Digest, heading: str, public_url: str | None) -> Iterator[str]:
    yield f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{escape(heading)}</title></head><body>'
    yield f"<h1>{escape(heading)}</h1>"
    if digest.simulated:
        yield f"<p><strong>{SIMULATED_NOTICE}</strong></p>"
    for section in digest.sections:
        yield f"<h2>{escape(section.title)} ({len(section.lines) + section.left_out})</h2><ul>"
        for line in section.lines:
            code = f"<strong>{escape(line.case_id)}</strong>"
            if public_url is not None:
                code = f'<a href="{escape(public_url)}/cases/{quote(line.case_id, safe="")}">{code}</a>'
            yield f"<li>{code}: {escape('; '.join(_said(line)))}</li>"
        yield "".join(f"<li>{escape(more)}</li>" for more in _more(section))
        yield "</ul>"
    yield f"<p>{escape(_FOOT)}</p></body></html>"
