"""What the forms of the work list of late entries send: rows of the table on the page, or a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import orjson
from anyio import to_thread
from fastapi import Request

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.desk.evidence_batch import BatchDecision, CheckedBatch, EvidenceBatch
from tiendo_query.desk.late_entry_work import ROWS_MAX
from tiendo_query.pages.late_entries.parameters import LateEntriesParameters
from tiendo_query.pages.sent_forms import sent_fields, sent_file
from tiendo_runtime.authentication import Scope
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_sources.evidence.evidence_file import ROWS_MAX as FILE_ROWS_MAX
from tiendo_sources.evidence.evidence_file import EvidenceColumn, EvidenceRow, EvidenceUnreadable, read_evidence

_FIELDS_MAX: Final = 30 + 4 * ROWS_MAX
_MULTIPART: Final = "multipart/form-data"
_OF_THE_BATCH: Final = ("document_number", "document_signed", "position", "text")
_NO_FILE: Final = Words(vi="chưa chọn tệp", en="no file was chosen")
_NO_ROWS: Final = Words(vi="chưa điền minh chứng cho hồ sơ nào", en="no evidence was filled in for any case")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEvidence:
    """What was sent; nothing on a page that is only looked at. `of_file`: the rows stand in a file."""

    step: str = "look"
    rows: Sequence[EvidenceRow] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    looking: Mapping[str, str] = field(default_factory=dict)
    of_file: bool = False
    fault: Words | None = None

    @property
    def values(self) -> Mapping[str, Mapping[EvidenceColumn, str]]:
        """What was filled in, by case."""
        return {row.case_id: {column: getattr(row, column) for column in EvidenceColumn} for row in self.rows}

    def batch(self, person: SignedInPerson) -> EvidenceBatch:
        """What the person would send."""
        decision = BatchDecision(
            document_number=self.fields.get("document_number", ""),
            document_signed=self.fields.get("document_signed", ""),
            position=self.fields.get("position", ""),
            text=self.fields.get("text", ""),
        )
        return EvidenceBatch(
            id=self._id, rows=self.rows, person=person, decision=decision if Scope.DECIDE in person.scopes else None
        )

    def kept(self, checked: CheckedBatch) -> Mapping[str, str]:
        """The fields of the second step: everything that was filled in, and the figures that it shows."""
        rows = [[row.number, row.case_id, row.document_number, row.signed_at, row.finished_at] for row in self.rows]
        return {
            **self.looking,
            **{name: self.fields[name] for name in _OF_THE_BATCH if name in self.fields},
            "rows": orjson.dumps(rows).decode(),
            "of_file": "true" if self.of_file else "",
            "batch": self._id.hex,
            "figures": self.figures(checked),
        }

    @staticmethod
    def figures(checked: CheckedBatch) -> str:
        """What the rules and the decisions say of the cases: another text once that is another."""
        said = [
            f"{case.case_id} {case.case_class} {case.lateness_by_rule_minutes} {case.late_entry_by_rule_minutes} "
            f"{case.lateness_minutes} {[(row.party.key, row.minutes) for row in case.attributions]} {len(case.decisions)}"
            for case in (one.timeline for one in checked.ready)
        ]
        return blake2b("; ".join(said).encode(), digest_size=8).hexdigest()

    @property
    def _id(self) -> UUID:
        try:
            return UUID(hex=self.fields.get("batch", ""))
        except ValueError:
            return uuid4()


async def sent_evidence(request: Request, zone: ZoneInfo) -> SentEvidence:
    """What was sent; instants of a file without an offset are of `zone`. Raises the refusal of a body that no form of ours has."""
    is_file = request.headers.get("content-type", "").startswith(_MULTIPART)
    fields, file = await sent_file(request) if is_file else (await sent_fields(request, most=_FIELDS_MAX), b"")
    fields.setdefault("batch", uuid4().hex)
    step = fields.pop("step", "look")
    names = {member.alias or name for name, member in LateEntriesParameters.model_fields.items()}
    looking = {name: value for name, value in fields.items() if name in names and value}
    rows: Sequence[EvidenceRow] = [*_kept_rows(fields.get("rows", ""))] or [*_typed_rows(fields)]
    fault = None
    if is_file and not file:
        fault = _NO_FILE
    elif is_file:
        try:
            rows = await to_thread.run_sync(_rows_of_file, file, zone)
        except EvidenceUnreadable as error:
            fault = error.words
    elif not rows:
        fault = _NO_ROWS
    return SentEvidence(
        step=step,
        rows=rows,
        fields=fields,
        looking=looking,
        of_file=is_file or fields.get("of_file") == "true",
        fault=fault,
    )


def _rows_of_file(file: bytes, zone: ZoneInfo) -> list[EvidenceRow]:
    with TemporaryDirectory(prefix="tiendo-evidence-") as folder:
        path = Path(folder) / "table"
        path.write_bytes(file)
        return read_evidence(path, zone)


def _typed_rows(fields: Mapping[str, str]) -> Iterator[EvidenceRow]:
    """The rows of the table on the page in which anything was filled in."""
    for number in range(1, ROWS_MAX + 1):
        paper, signed, finished = (fields.get(f"{name}_{number}", "") for name in ("number", "signed", "finished"))
        if paper or signed or finished:
            yield EvidenceRow(
                number=number,
                case_id=fields.get(f"case_{number}", ""),
                document_number=paper,
                signed_at=signed,
                finished_at=finished,
            )


def _kept_rows(text: str) -> Iterator[EvidenceRow]:
    """The rows as the second step sends them again; what it never wrote is no row."""
    try:
        rows = orjson.loads(text) if text else []
    except orjson.JSONDecodeError:
        return
    for row in rows if isinstance(rows, list) and len(rows) <= FILE_ROWS_MAX else []:
        match row:
            case [int(number), str(case_id), str(paper), str(signed), str(finished)]:
                yield EvidenceRow(
                    number=number, case_id=case_id, document_number=paper, signed_at=signed, finished_at=finished
                )
