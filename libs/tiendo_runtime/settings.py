"""What can be set, from the environment (`TIENDO_…`) and from the command line."""

from enum import StrEnum
from pathlib import Path

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tiendo_runtime.errors import SettingsInvalid


class LogFormat(StrEnum):
    """How the journal on standard error looks: lines for people, or JSON; `auto` is lines on a terminal."""

    AUTO = "auto"
    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """The least important entries that the journal shows."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(BaseSettings):
    """The settings of one process; environment variables carry the prefix TIENDO_."""

    model_config = SettingsConfigDict(env_prefix="TIENDO_", env_ignore_empty=True, frozen=True, extra="ignore")

    data: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("tiendo"),
        description="folder of the embedded database and of the demo's keys",
    )
    database_url: str | None = Field(default=None, description="a PostgreSQL of the user's own", repr=False)
    rules: Path | None = Field(default=None, description="rules file that is applied at start")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="port on which a projector shows its metrics; none unless set"
    )
    public_url: str | None = Field(
        default=None, description="address as users reach it, where a proxy stands before it"
    )
    log_format: LogFormat = LogFormat.AUTO
    log_level: LogLevel = LogLevel.INFO

    @property
    def embedded(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url is None


def load_settings(**given: object) -> Settings:
    """The settings of the environment, with those that are `given` and not None going before. Raises SettingsInvalid."""
    try:
        settings = Settings.model_validate({**Settings().model_dump(), **_present(given)})
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise SettingsInvalid(f"TIENDO_{name.upper()}: {first['msg']}") from None
    return settings.model_copy(update={"data": settings.data.expanduser().absolute()})


def _present(given: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if value is not None}
