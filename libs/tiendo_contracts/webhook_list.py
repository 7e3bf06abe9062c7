"""Who is told of publications, over HTTP or by mail, as a file lists them.

    [[webhook]]
    name = "so-noi-vu"
    url = "https://noivu.example.vn/tiendo"
    secret_file = "so-noi-vu.secret"
    units = ["H34.STNMT"]

    [[mail]]
    name = "van-phong"
    address = "vanphong@kontum.example.vn"

Each is told the facts of publications (`vn.tiendo.publication.….v1`) of its units and of all units below; without `units` of all.
The secret is one of Standard Webhooks, `whsec_` and base64; the path of its file is meant from the folder of the list.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class WebhooksInvalid(ValueError):  # noqa: N818 - it says what the list is
    """The list of webhooks cannot be used; says what is wrong and where."""


def _is_safe(url: str) -> str:
    parts = urlsplit(url)
    if parts.hostname is None or not (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    ):
        raise ValueError("an address that begins with https:// (http:// on this machine alone)")
    return url


class _Listed(BaseModel):
    """Somebody who is told, by a name that never changes: what they were told is kept under it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$", max_length=100)]
    units: tuple[Annotated[str, StringConstraints(min_length=1, max_length=200)], ...] | None = None


class Webhook(_Listed):
    """An address that is told over HTTP."""

    url: Annotated[str, StringConstraints(max_length=2000), AfterValidator(_is_safe)]
    secret_file: Annotated[str, StringConstraints(min_length=1)]


class MailedAddress(_Listed):
    """An address that is told by mail."""

    address: Annotated[str, StringConstraints(pattern=r"^[^\s@<>,;]+@[^\s@<>,;]+$", max_length=254)]


_KINDS: Final[Mapping[str, type[Webhook] | type[MailedAddress]]] = {"webhook": Webhook, "mail": MailedAddress}


def webhooks_of(tables: Mapping[str, Any]) -> tuple[Webhook | MailedAddress, ...]:
    """Who is listed in a parsed TOML file: first the webhooks, each kind in its order. Raises WebhooksInvalid."""
    begins = "every entry begins with [[webhook]] or [[mail]]"
    unknown = sorted(tables.keys() - _KINDS.keys())
    if unknown:
        raise WebhooksInvalid(f"unknown: {', '.join(unknown)}; {begins}")
    listed: list[Webhook | MailedAddress] = []
    for kind in _KINDS:
        entries = tables.get(kind, [])
        if not isinstance(entries, list):
            raise WebhooksInvalid(f"{kind}: {begins}, in double brackets")
        listed += [_entry(kind, number, entry) for number, entry in enumerate(entries, start=1)]
    for name in (one.name for number, one in enumerate(listed) if one.name in {each.name for each in listed[:number]}):
        raise WebhooksInvalid(f"two entries have the same name {name}")
    return tuple(listed)


def _entry(kind: str, number: int, entry: Any) -> Webhook | MailedAddress:  # noqa: ANN401 - whatever the file holds there
    try:
        return _KINDS[kind].model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the entry"
        raise WebhooksInvalid(f"[[{kind}]] number {number}, {where}: {first['msg']}") from None
