"""Checks of the machine: settings, data folder, disk."""

import os
import shutil
import stat
from pathlib import Path
from typing import Final

from tiendo_cli.diagnosis.findings import CheckFinding, good, warning, wrong
from tiendo_cli.supervision.demo_keys import FILE as KEYS_FILE
from tiendo_runtime.database_urls import shown_url, sqlalchemy_url
from tiendo_runtime.settings import Settings

FREE_BYTES_MIN: Final = 1_000_000_000
"""Below this PostgreSQL may soon be unable to write; then nothing can be accepted."""

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def check_settings(settings: Settings) -> list[CheckFinding]:
    """Which database is used, and that the rules file is there. Raises SettingsInvalid for an address that cannot be used."""
    if settings.database_url is None:
        findings = [good("settings", f"the embedded database in {settings.data} (TIENDO_DATA)")]
    else:
        findings = [
            good("settings", f"the database {shown_url(sqlalchemy_url(settings.database_url))} (TIENDO_DATABASE_URL)")
        ]
    if settings.rules is not None and not os.access(settings.rules, os.R_OK):
        findings.append(
            wrong(
                "settings",
                f"the rules file {settings.rules} cannot be read",
                "set TIENDO_RULES to a file that is there",
            )
        )
    return findings


def check_folder(data: Path) -> list[CheckFinding]:
    """That nobody else reads the keys, and that there is room."""
    findings = []
    keys = data / KEYS_FILE
    if keys.exists() and stat.S_IMODE(keys.stat().st_mode) & _OTHERS:
        findings.append(
            wrong("keys", f"{keys} can be read by others", f"chmod 600 {keys}, then start `tiendo up` with new keys")
        )
    existing = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    word = f"{free / 1e9:.1f} GB free on the disk of {existing}"
    if free < FREE_BYTES_MIN:
        findings.append(wrong("disk", word, "free some space, or move TIENDO_DATA to a larger disk"))
    elif free < 5 * FREE_BYTES_MIN:
        findings.append(warning("disk", word, "a year of a province takes some gigabytes: plan for more"))
    else:
        findings.append(good("disk", word))
    return findings
