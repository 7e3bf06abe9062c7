"""The file that lists the agencies."""

from pathlib import Path

from tiendo_contracts.messages.agencies import AgenciesInvalid, Agency, agencies_of
from tiendo_contracts.texts.toml_text import TomlInvalid, toml_tables, toml_text
from tiendo_runtime.errors import SettingsInvalid


def load_agencies(path: Path | None) -> tuple[Agency, ...]:
    """The agencies that the file at `path` lists, by unit; none where there is no file. Raises SettingsInvalid."""
    if path is None:
        return ()
    try:
        return agencies_of(toml_tables(toml_text(path)))
    except OSError as error:
        raise SettingsInvalid(f"TIENDO_KAFKA_AGENCIES: {path} cannot be read: {error.strerror}") from None
    except (AgenciesInvalid, TomlInvalid, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"TIENDO_KAFKA_AGENCIES: {path}: {error}") from None
