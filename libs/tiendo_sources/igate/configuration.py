"""The configuration file of a gateway: where it is, how it is asked, and what its statuses mean."""

import json
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tiendo_contracts.events.event_types import RESERVED_SOURCES
from tiendo_contracts.texts.toml_text import TomlInvalid, toml_tables, toml_text
from tiendo_sources.errors import GatewayConfigurationInvalid
from tiendo_sources.igate.statuses import StatusKind

_DAY_SECONDS: Final = 86_400
_SECRET_LENGTH_MAX: Final = 4_096


def _usable_source(source: str) -> str:
    if not source.isprintable() or not source.strip() or source in {".", "..", *RESERVED_SOURCES}:
        raise ValueError(f"{source!r} cannot be a source; write a path of your own such as /kontum/igate")
    return source


def _http_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that are none
        is_address = False
    if not is_address or parts.query or parts.fragment or not url.isprintable() or " " in url:
        raise ValueError(f"{url!r} is no address; write one such as https://apiigate.example.gov.vn")
    return url.rstrip("/")


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one such as Asia/Ho_Chi_Minh") from error
    return name


def _known_kinds(statuses: dict[str, str]) -> dict[str, str]:
    kinds = {kind.value for kind in StatusKind}
    for status, kind in statuses.items():
        if kind not in kinds:
            raise ValueError(f"status {status} = {kind!r} is no kind; write one of {', '.join(sorted(kinds))}")
    return statuses


_Seconds = Annotated[int | float, Field(ge=0, le=_DAY_SECONDS)]
_Address = Annotated[str, AfterValidator(_http_address)]
_Parameter = Annotated[str, Field(min_length=1, max_length=100)]


class GatewayConfiguration(BaseModel):
    """What the file says. `updated_from` is the gateway's parameter for a lower bound of the last change; without it every poll reads everything.

    `parameters` go with every search. `whole_read_seconds`: so often everything is read, whatever the bound.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    source: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_usable_source)]
    base_url: _Address
    token_url: _Address
    client_id: Annotated[str, Field(min_length=1)]
    client_secret_file: Annotated[str, Field(min_length=1)]
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Ho_Chi_Minh"
    poll_seconds: _Seconds = 60
    overlap_seconds: _Seconds = 300
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 100
    requests_per_second: Annotated[int | float, Field(gt=0, le=100_000)] = 2
    timeout_seconds: Annotated[int | float, Field(gt=0, le=600)] = 30
    sort: Annotated[str, Field(min_length=1, max_length=200)] = "updatedDate,desc"
    updated_from: _Parameter | None = None
    whole_read_seconds: Annotated[int | float, Field(gt=0, le=366 * _DAY_SECONDS)] = _DAY_SECONDS
    status: Annotated[dict[str, str], AfterValidator(_known_kinds)] = Field(default_factory=dict)
    parameters: dict[_Parameter, str] = Field(default_factory=dict)

    @property
    def statuses(self) -> dict[str, StatusKind]:
        """The kind of each status, by its id."""
        return {status.strip(): StatusKind(kind) for status, kind in self.status.items()}

    @property
    def zone(self) -> ZoneInfo:
        """The zone of instants without an offset."""
        return ZoneInfo(self.time_zone)


def load_configuration(path: Path) -> GatewayConfiguration:
    """What the file says, with `client_secret_file` made absolute; a relative one is relative to the file.

    Raises:
        GatewayConfigurationInvalid: it cannot be read, or says something that cannot be followed; the message names every place.
    """
    try:
        document = toml_tables(toml_text(path))
    except OSError as error:
        raise GatewayConfigurationInvalid(path, [f"cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise GatewayConfigurationInvalid(path, ["is not UTF-8"]) from error
    except TomlInvalid as error:
        raise GatewayConfigurationInvalid(path, [str(error)]) from error
    try:
        found = GatewayConfiguration.model_validate_json(json.dumps(document, default=str))
    except ValidationError as error:
        raise GatewayConfigurationInvalid(path, [_fault(each) for each in error.errors(include_url=False)]) from error
    try:
        secret = (path.parent / Path(found.client_secret_file).expanduser()).absolute()
    except RuntimeError as error:
        raise GatewayConfigurationInvalid(path, ["client_secret_file: `~` names no folder of a user here"]) from error
    return found.model_copy(update={"client_secret_file": str(secret)})


def client_secret(configuration: GatewayConfiguration) -> str:
    """The secret, read anew each time: it may be changed while the poller runs. Raises GatewayConfigurationInvalid."""
    path = Path(configuration.client_secret_file)
    try:
        with path.open(encoding="utf-8") as file:
            secret = file.read(_SECRET_LENGTH_MAX).strip()
    except (OSError, ValueError) as error:
        not_text = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else "that is no path"
        reason = error.strerror if isinstance(error, OSError) else not_text
        raise GatewayConfigurationInvalid(path, [f"the client's secret cannot be read: {reason}"]) from error
    if not secret:
        raise GatewayConfigurationInvalid(path, ["the client's secret is empty; write it as the file's only line"])
    return secret


def _fault(error: Any) -> str:  # noqa: ANN401 - pydantic's own description
    where = ".".join(str(part) for part in error["loc"] if part not in {"int", "float"}) or "whole file"
    if error["type"] == "extra_forbidden":
        return f"{where}: is no key of this file; it has {', '.join(GatewayConfiguration.model_fields)}"
    return f"{where}: {error['msg'].removeprefix('Value error, ')}"
