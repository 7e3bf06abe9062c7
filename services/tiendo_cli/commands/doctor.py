"""`tiendo doctor`: checks an installation and says how to mend what is wrong."""

import json
from collections import Counter
from dataclasses import asdict

import typer

from tiendo_cli.context import FormatOption, OutputFormat, reason_of, run_command
from tiendo_cli.diagnosis.access_log import check_access
from tiendo_cli.diagnosis.database_checks import check_database, check_schema
from tiendo_cli.diagnosis.findings import CheckFinding, Verdict, wrong
from tiendo_cli.diagnosis.keys import check_keys
from tiendo_cli.diagnosis.machine import check_folder, check_settings
from tiendo_cli.diagnosis.mails import check_mails
from tiendo_cli.diagnosis.occupied import check_occupied_keys
from tiendo_cli.diagnosis.polled import check_polled_sources
from tiendo_cli.diagnosis.proof import check_guards, check_proof
from tiendo_cli.diagnosis.published_lists import check_published_lists
from tiendo_cli.diagnosis.read_models import check_read_models
from tiendo_cli.diagnosis.relay import check_relay, check_topics
from tiendo_cli.diagnosis.service_checks import check_supervisor, check_web, check_workers
from tiendo_cli.diagnosis.silent_sources import check_silences
from tiendo_cli.diagnosis.webhooks import check_webhooks
from tiendo_cli.terminal import complain, emit_line, say
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_event_store.faults import DATABASE_FAULTS, is_denied
from tiendo_migrations import MigrationError
from tiendo_runtime.database import service_engine
from tiendo_runtime.embedded import running_database
from tiendo_runtime.errors import RuntimeFault
from tiendo_runtime.settings import Settings, load_settings

_SIGNS = {Verdict.GOOD: ("✓", "green"), Verdict.WARNING: ("!", "yellow"), Verdict.WRONG: ("✗", "red")}


def register(app: typer.Typer) -> None:
    """Add `tiendo doctor`."""
    app.command()(doctor)


def doctor(output: FormatOption = OutputFormat.TABLE) -> None:
    """Check service, settings, database, calendars, projection, sources, the proof of the log, relay, disk and clock.

    Exit status 1 if something is wrong. An embedded database that does not run is started for the check, and stopped again.
    """
    run_command(_doctor(output))


async def _doctor(output: OutputFormat) -> int:
    settings = load_settings()
    findings = [*check_settings(settings), *check_folder(settings.data)]
    findings += [*check_supervisor(settings), *await check_web(settings)]
    findings += [*await _check_database(settings), *await check_topics(settings)]
    is_wrong = any(finding.verdict is Verdict.WRONG for finding in findings)
    if output is OutputFormat.JSON:
        document = {"healthy": not is_wrong, "findings": [asdict(finding) for finding in findings]}
        emit_line(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _print(findings)
    return 1 if is_wrong else 0


async def _check_database(settings: Settings) -> list[CheckFinding]:
    """What can be found out about the database; what stands in the way of finding out is a finding too."""
    try:
        async with running_database(settings, progress=complain) as url:
            schema = await check_schema(url)
            if schema.verdict is Verdict.WRONG:
                return [schema]
            engine = service_engine(url, DatabaseRole.COMMAND_LINE, pool_size=2)
            try:
                parts = await check_workers(engine, settings)
                found = [*parts, schema, *await check_database(engine), *await check_polled_sources(engine)]
                found += await check_silences(engine)
                found += [*await check_webhooks(engine, settings), *await check_mails(engine, settings)]
                found += await check_keys(engine, settings.key_secret_path)
                found += [await check_access(engine), *await check_proof(engine, settings)]
                found += [*await check_published_lists(engine), *await check_occupied_keys(engine)]
                found += await check_read_models(engine)
                return [*found, *await check_relay(engine, settings)]
            except DATABASE_FAULTS as error:
                if not is_denied(error):
                    raise
                return [schema, wrong("database", reason_of(error), "tiendo migrate"), *await check_guards(engine)]
            finally:
                await engine.dispose()
    except (RuntimeFault, MigrationError, *DATABASE_FAULTS) as error:
        remedy = "see the reason; for TIENDO_DATABASE_URL check that the server runs and that the address is right"
        return [wrong("database", reason_of(error), remedy)]


def _print(findings: list[CheckFinding]) -> None:
    for finding in findings:
        say(f"{finding.subject}: {finding.found}", sign=_SIGNS[finding.verdict])
        if finding.remedy is not None:
            say(f"    to mend it: {finding.remedy}")
    counts = Counter(finding.verdict for finding in findings)
    if counts[Verdict.WRONG]:
        complain(f"tiendo: wrong: {counts[Verdict.WRONG]}")
