"""The addresses that are told of publications, as a file lists them.

    [[webhook]]
    name = "so-noi-vu"
    url = "https://noivu.example.vn/tiendo"
    secret_file = "so-noi-vu.secret"
    units = ["H34.STNMT"]

Each gets the facts of publications (`vn.tiendo.publication.….v1`) of its units and of all units below; without `units` of all.
The secret is one of Standard Webhooks, `whsec_` and base64; the path of its file is meant from the folder of the list.
"""

from collections.abc import Iterator, Mapping
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


class Webhook(BaseModel):
    """One address, by a name that never changes: what it was told is kept under it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$", max_length=100)]
    url: Annotated[str, StringConstraints(max_length=2000), AfterValidator(_is_safe)]
    secret_file: Annotated[str, StringConstraints(min_length=1)]
    units: tuple[Annotated[str, StringConstraints(min_length=1, max_length=200)], ...] | None = None


def webhooks_of(tables: Mapping[str, Any]) -> tuple[Webhook, ...]:
    """The webhooks of a parsed TOML file, in its order. Raises WebhooksInvalid."""
    unknown = sorted(tables.keys() - {"webhook"})
    if unknown:
        raise WebhooksInvalid(f"unknown: {', '.join(unknown)}; every entry begins with [[webhook]]")
    entries = tables.get("webhook", [])
    if not isinstance(entries, list):
        raise WebhooksInvalid("webhook: every entry begins with [[webhook]], in double brackets")
    webhooks = tuple(_webhook(number, entry) for number, entry in enumerate(entries, start=1))
    for problem in _problems(webhooks):
        raise WebhooksInvalid(problem)
    return webhooks


def _webhook(number: int, entry: Any) -> Webhook:  # noqa: ANN401 - whatever the file holds there
    try:
        return Webhook.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the entry"
        raise WebhooksInvalid(f"[[webhook]] number {number}, {where}: {first['msg']}") from None


def _problems(webhooks: tuple[Webhook, ...]) -> Iterator[str]:
    for number, webhook in enumerate(webhooks, start=1):
        for other_number, other in enumerate(webhooks[: number - 1], start=1):
            if webhook.name == other.name:
                yield f"[[webhook]] number {other_number} and number {number} have the same name {webhook.name}"
