"""Settings, and addresses of databases as users write them."""

from pathlib import Path

import pytest

from tiendo_runtime.database_urls import shown_url, sqlalchemy_url
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.settings import load_settings


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "DATABASE_URL", "PORT", "HOST", "RULES"):
        monkeypatch.delenv(f"TIENDO_{name}", raising=False)


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIENDO_PORT", "9000")
    assert load_settings().port == 9000
    assert load_settings(port=9001).port == 9001
    assert load_settings(port=None).port == 9000


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIENDO_DATABASE_URL", "")
    assert load_settings().embedded


def test_the_data_folder_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIENDO_DATA", "here")
    assert load_settings().data == tmp_path / "here"


def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIENDO_PORT", "ninety")
    with pytest.raises(SettingsInvalid, match="TIENDO_PORT"):
        load_settings()


def test_a_usual_address_is_understood() -> None:
    given = "postgresql://u:p%40w@db.example:5433/tiendo?sslmode=require"
    assert sqlalchemy_url(given) == "postgresql+asyncpg://u:p%40w@db.example:5433/tiendo?ssl=require"


@pytest.mark.parametrize(
    "given", ["nonsense", "mysql://u:secret@db/x", "postgresql://u:secret@db", "postgresql://u:secret@db/x?color=red"]
)
def test_a_refused_address_is_explained_without_its_password(given: str) -> None:
    with pytest.raises(SettingsInvalid, match="TIENDO_DATABASE_URL") as refused:
        sqlalchemy_url(given)
    assert "secret" not in str(refused.value)


def test_a_shown_address_hides_the_password() -> None:
    assert "secret" not in shown_url("postgresql+asyncpg://u:secret@db/x")
