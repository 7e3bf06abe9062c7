"""`tiendo import` and `tiendo rules` as a user runs them."""

import gzip
import json
from pathlib import Path

import pytest
from tests.commands import Run, tiendo_on
from tests.sources.table_files import csv_text, mapping
from tests.sources.xes_logs import event, step, trace

RECEIVED = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "/kontum/igate",
    "type": "vn.tiendo.case.received.v1",
    "subject": "case-1",
    "time": "2022-08-15T08:05:00+07:00",
}
MAPPING = (
    'source = "/xes/x"\n[time]\ncalendar = "c"\n[responsible_unit]\ndefault = { id = "u" }\n[[calendar]]\nid = "c"\n'
)
EXAMPLE = Path(__file__).parents[2] / "deploy/examples/receipt-mapping.toml"
LOG = '<log><trace><event><date key="time:timestamp" value="2011-10-11T14:00:00+02:00"/></event></trace></log>'


@pytest.fixture
def tiendo(database_url: str, tmp_path: Path) -> Run:
    """Runs `tiendo` on a fresh database, with `tmp_path` as the working folder."""
    return tiendo_on(database_url, tmp_path)


def test_an_import_says_what_became_of_the_events(tiendo: Run, tmp_path: Path) -> None:
    (tmp_path / "events.ndjson").write_text(json.dumps(RECEIVED) + "\n")
    first = tiendo("import", "events.ndjson", "--format", "json")
    again = tiendo("import", "events.ndjson")
    assert (first.returncode, again.returncode) == (0, 0)
    assert json.loads(first.stdout)["accepted"] == 1
    assert again.stdout == "accepted: 0   duplicates: 1   rejected: 0\n"
    assert first.stderr == again.stderr == ""


def test_refused_lines_are_told_with_their_place_and_remedy(tiendo: Run, tmp_path: Path) -> None:
    lines = [json.dumps(RECEIVED), "{broken", json.dumps({**RECEIVED, "id": "e-2", "time": "2022-08-15T08:05:00"})]
    (tmp_path / "events.ndjson.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    done = tiendo("import", "events.ndjson.gz")
    assert done.returncode == 1
    assert done.stdout == "accepted: 1   duplicates: 0   rejected: 2\n"
    told = done.stderr.splitlines()
    assert told[0].startswith("line 2: ")
    assert told[1].startswith("line 3: Not an instant.")
    assert "RFC 3339" in told[1]
    assert "GET /v1/rejections?request=import-" in told[2]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"a;b;c\n1;2;3\n", "--suggest"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a web page"),
        (b'<!DOCTYPE l [<!ENTITY a "a"><!ENTITY b "&a;&a;">]><log>&b;</log>', "entities"),
        (gzip.compress(b'{"specversion":"1.0"}\n' * 9, mtime=0)[:-9], "cut off"),
    ],
)
def test_files_that_cannot_be_imported_are_refused_in_one_line(
    tiendo: Run, tmp_path: Path, content: bytes, complaint: str
) -> None:
    (tmp_path / "file").write_bytes(content)
    done = tiendo("import", "file")
    assert done.returncode == 1
    assert complaint in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_table_is_imported_once_and_each_refused_row_is_told_by_its_line(tiendo: Run, tmp_path: Path) -> None:
    rows = [
        ("H-1", "15/08/2022 08:05", "29/08/2022", "30/08/2022 09:00", "Chi nhánh"),
        ("H-2", "15/08/2022", "29/08/2022", "", "Chi nhánh"),
    ]
    (tmp_path / "table.csv").write_text(csv_text(*rows), encoding="utf-8-sig")
    (tmp_path / "mapping.toml").write_text(mapping())
    first = tiendo("import", "table.csv", "--mapping", "mapping.toml")
    again = tiendo("import", "table.csv", "--mapping", "mapping.toml")
    assert first.stdout == "accepted: 2   duplicates: 0   rejected: 1\n"
    assert again.stdout == "accepted: 0   duplicates: 2   rejected: 1\n"
    assert first.returncode == again.returncode == 1
    told = first.stderr.splitlines()
    assert told[0].startswith("line 3, Ngày tiếp nhận “15/08/2022”: A date without a time of day.")
    assert "[time] time_of_day" in told[0]
    dry = tiendo("import", "table.csv", "--mapping", "mapping.toml", "--dry-run", "--refused", "refused.csv")
    assert (dry.returncode, dry.stdout.splitlines()[-1]) == (1, "a dry run: nothing was kept")
    assert "Lý do" in (tmp_path / "refused.csv").read_text()
    assert tiendo("import", "table.csv", "--refused", "table.csv").returncode == 2
    assert 'case_id = "Mã hồ sơ"' in tiendo("import", "--suggest", "table.csv").stdout
    timeline = tiendo("case", "H-1", "--format", "json")
    shown = json.loads(timeline.stdout)
    assert (shown["unit"]["name"], shown["due_at"], shown["class"]) == (
        "Chi nhánh", "2022-08-29T17:00:00+07:00", "actual"
    )  # fmt: skip


def test_a_file_that_is_not_there_is_named(tiendo: Run) -> None:
    done = tiendo("import", "nowhere.xes")
    assert (done.returncode, done.stderr) == (1, "tiendo: nowhere.xes: No such file or directory\n")


def test_a_log_without_mapping_is_imported_and_what_that_means_is_said(tiendo: Run, tmp_path: Path) -> None:
    (tmp_path / "log.xes").write_text(LOG)
    done = tiendo("import", "log.xes")
    assert done.returncode == 0
    assert done.stdout == "accepted: 2   duplicates: 0   rejected: 0\n"
    assert "no due, end or unit is guessed" in done.stderr


def test_what_a_log_leaves_open_is_told_with_its_number_an_example_and_the_setting_that_mends_it(
    tiendo: Run, tmp_path: Path
) -> None:
    undated = [event("2011-10-11T09:00:00", "R1") for _ in range(12)]
    log = (event("09:00"), trace(*undated, step("start", "10:00", "R1"), step("autoskip", "11:00", "R1", "b"), name=""))
    (tmp_path / "log.xes").write_text(f"<log>{''.join(log)}</log>")
    done = tiendo("import", "log.xes", "--format", "json")
    figures = json.loads(done.stdout)
    assert (done.returncode, figures["accepted"], figures["rejected"]) == (1, 2, 13)
    assert [(each["problem"], each["number"]) for each in figures["refused"]] == [
        ("/problems/file-event-outside-cases", 1),
        ("/problems/file-instant-without-offset", 12),
    ]
    assert figures["refused"][1]["example"] == "trace 1, event 1, time:timestamp “2011-10-11T09:00:00”"
    assert [(each["kind"], each["number"], each["example"]) for each in figures["remarks"]] == [
        ("case-without-name", 1, "trace 1, now trace-1"),
        ("event-says-no-holder", 1, "trace 1, event 14 (autoskip)"),
    ]
    told = done.stderr.splitlines()
    assert told[1].startswith("cases without a name")
    assert told[2].startswith("events that say nothing of who holds the case")
    assert told[2].endswith(": 1, for example trace 1, event 14 (autoskip)")
    assert '[time] zone = "Asia/Ho_Chi_Minh"' in told[4]
    assert "/problems/file-instant-without-offset: 12, for example trace 1, event 1" in done.stderr


def test_the_rules_beside_a_mapping_are_applied_with_the_import(tiendo: Run, tmp_path: Path) -> None:
    (tmp_path / "log.xes").write_text(LOG)
    (tmp_path / "mapping.toml").write_text(MAPPING)
    done = tiendo("import", "log.xes", "--mapping", "mapping.toml")
    assert done.stdout.splitlines()[0] == "rules: calendar c"
    assert 'units = ["u"]' in tiendo("rules", "show").stdout
    again = tiendo("import", "log.xes", "--mapping", "mapping.toml")
    assert again.stdout == "accepted: 0   duplicates: 2   rejected: 0\n"


def test_a_mapping_that_cannot_be_followed_stops_the_import_before_it_begins(tiendo: Run, tmp_path: Path) -> None:
    (tmp_path / "log.xes").write_text(LOG)
    (tmp_path / "mapping.toml").write_text(MAPPING.replace("default", "defualt"))
    done = tiendo("import", "log.xes", "--mapping", "mapping.toml")
    assert done.returncode == 1
    assert "responsible_unit.defualt" in done.stderr


def test_what_is_wrong_with_the_rules_beside_a_mapping_names_the_file(tiendo: Run, tmp_path: Path) -> None:
    (tmp_path / "log.xes").write_text(LOG)
    override = '\n[[override]]\ncalendar = "nowhere"\ndate = "2022-08-20"\nkind = "off"\n'
    (tmp_path / "mapping.toml").write_text(MAPPING + override)
    done = tiendo("import", "log.xes", "--mapping", "mapping.toml")
    assert done.returncode == 1
    assert 'mapping.toml: [[override]] number 1, key "calendar": "nowhere" is no calendar' in done.stderr


def test_a_mapping_for_ndjson_is_refused(tiendo: Run, tmp_path: Path) -> None:
    (tmp_path / "events.ndjson").write_text(json.dumps(RECEIVED))
    (tmp_path / "mapping.toml").write_text(MAPPING)
    done = tiendo("import", "events.ndjson", "--mapping", "mapping.toml")
    assert done.returncode == 1
    said = "a mapping is for object-centric logs (OCEL 2.0 as JSON) and XES logs and workbooks of Excel (XLSX) and tables as CSV"
    assert f"{said}; events.ndjson is CloudEvents NDJSON" in done.stderr


def test_the_report_on_the_receipt_log_shows_its_known_facts(tiendo: Run, shared_data: Path) -> None:
    done = tiendo("import", str(shared_data / "receipt.xes.gz"), "--mapping", str(EXAMPLE))
    assert (done.returncode, done.stderr) == (0, "")
    period = ("--from", "2010-01-01", "--to", "2012-01-23")
    report = tiendo("report", *period, "--as-of", "2012-01-23T15:42:54.644+01:00", "--format", "json")
    figures = json.loads(report.stdout)
    assert (figures["resolved"], figures["resolved_overdue"]) == (1_329, 377)
    assert (figures["open"], figures["open_overdue"]) == (105, 39)


def test_rules_are_applied_once_and_shown_as_they_hold(tiendo: Run, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(
        '[[unit]]\nid = "H34"\nname = "Tỉnh Kon Tum"\nlevel = "province"\n\n[[procedure]]\nid = "1.004227"\npause = "restart"\n'
    )
    first, again = tiendo("rules", "apply", "rules.toml"), tiendo("rules", "apply", "rules.toml")
    assert first.stdout.splitlines() == ["unit H34", "procedure 1.004227", "2 changed"]
    assert again.stdout == "nothing changed: the rules say so already\n"
    (tmp_path / "shown.toml").write_text(tiendo("rules", "show").stdout)
    assert tiendo("rules", "apply", "shown.toml").stdout == again.stdout


def test_a_rules_file_holds_as_a_whole_or_not_at_all(tiendo: Run, tmp_path: Path) -> None:
    before = tiendo("rules", "show").stdout
    (tmp_path / "rules.toml").write_text('[[unit]]\nid = "H34"\n\n[[session]]\ncalendar = "vn"\nweekdays = [9]\n')
    done = tiendo("rules", "apply", "rules.toml")
    assert done.returncode == 1
    assert 'rules.toml: [[session]] number 1, key "weekdays"' in done.stderr
    assert 'rules.toml: [[session]] number 1, key "from"' in done.stderr
    assert tiendo("rules", "show").stdout == before


@pytest.mark.parametrize("content", [b"\xff\xfe[\x00", b"[[unit]]\nid = "])
def test_a_file_that_is_no_rules_file_is_refused(tiendo: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rules.toml").write_bytes(content)
    done = tiendo("rules", "apply", "rules.toml")
    assert done.returncode == 1
    assert done.stderr.startswith("tiendo: ")
    assert "Traceback" not in done.stderr


def test_what_an_import_appended_is_signed_at_its_end_where_the_log_s_key_is(tiendo: Run, tmp_path: Path) -> None:
    (tmp_path / "events.ndjson").write_text(json.dumps(RECEIVED) + "\n")
    assert tiendo("log", "key").returncode == 0
    assert tiendo("import", "events.ndjson").stderr == ""
    verified = json.loads(tiendo("log", "verify", "--format", "json").stdout)
    assert (verified["holds"], verified["waiting"], verified["checkpoints"]) == (True, 0, 2)


def test_an_import_that_cannot_be_signed_says_so_and_stands(tiendo: Run, tmp_path: Path) -> None:
    (tmp_path / "events.ndjson").write_text(json.dumps(RECEIVED) + "\n")
    tiendo("log", "key")
    tiendo("import", "events.ndjson")
    [key] = tmp_path.rglob("log-key")
    key.write_text("no key")
    (tmp_path / "events.ndjson").write_text(json.dumps(RECEIVED | {"id": "e-2"}) + "\n")
    done = tiendo("import", "events.ndjson")
    assert (done.returncode, done.stdout) == (0, "accepted: 1   duplicates: 0   rejected: 0\n")
    assert done.stderr.startswith("no checkpoint was signed over what was appended: ")
