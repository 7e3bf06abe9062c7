"""The file that lists the agencies."""

import tomllib
from pathlib import Path

from tiendo_contracts.messages.agencies import AgenciesInvalid, Agency, agencies_of
from tiendo_runtime.errors import SettingsInvalid


def load_agencies(path: Path | None) -> tuple[Agency, ...]:
    """The agencies that the file at `path` lists, by unit; none where there is no file. Raises SettingsInvalid."""
    if path is None:
        return ()
    try:
        return agencies_of(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsInvalid(f"TIENDO_KAFKA_AGENCIES: {path} cannot be read: {error.strerror}") from None
    except (AgenciesInvalid, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"TIENDO_KAFKA_AGENCIES: {path}: {error}") from None
