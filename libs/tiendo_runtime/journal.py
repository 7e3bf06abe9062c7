"""The journal on standard error: lines for people or JSON, and no secret ever."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

from tiendo_runtime.authentication.keys import SECRET_PREFIX
from tiendo_runtime.settings import LogFormat, Settings

_SECRET_NAMES: Final = frozenset({"authorization", "cookie", "key", "password", "secret", "token"})
_SECRETS: Final = re.compile(rf"{SECRET_PREFIX}[A-Za-z0-9_-]{{20,}}|(?<=://)[^\s/@:]+:[^\s/@]+(?=@)")
_HIDDEN: Final = "[hidden]"


def configure_journal(settings: Settings, *, process: str) -> None:
    """Send structlog's and the libraries' entries to standard error, each with the name of the process."""
    as_json = settings.log_format is LogFormat.JSON or (
        settings.log_format is LogFormat.AUTO and not sys.stderr.isatty()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(process),
    ]
    last: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    last += _as_json() if as_json else _as_lines()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for noisy in ("uvicorn.access", "uvicorn.error", "httpx", "httpcore", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _as_json() -> list[structlog.typing.Processor]:
    traces = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [
        structlog.processors.ExceptionRenderer(traces),
        hide_secrets,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _as_lines() -> list[structlog.typing.Processor]:
    lines = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )
    return [structlog.processors.format_exc_info, hide_secrets, lines]


def hide_secrets(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The entry without secrets: neither under a name that holds one, nor inside a text."""
    return {name: _HIDDEN if name.lower() in _SECRET_NAMES else _hidden(value) for name, value in entry.items()}


def _hidden(value: object) -> object:
    if isinstance(value, str):
        return _SECRETS.sub(_HIDDEN, value)
    if isinstance(value, Mapping):
        return {name: _hidden(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(part) for part in value]
    return value


def _named(process: str) -> structlog.typing.Processor:
    def add(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        entry["process"] = process
        return entry

    return add
