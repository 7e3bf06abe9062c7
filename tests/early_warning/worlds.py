"""Cases to try warnings on, each as what was recorded of it: the preset, and the public log that lies beside the repository."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.simulation.answers import events_of, rule_book
from tests.simulation.conftest import VIETNAM

from tiendo_contracts.events.decoding import case_event
from tiendo_contracts.rules_file import definitions_to_append, parse_tables
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.rules import RuleBook
from tiendo_simulation import Simulation, rules_text
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.xes.cases import read_cases
from tiendo_sources.xes.mapping import Mapping, parse_mapping
from tiendo_sources.xes.translation import Translation

MAPPING = Path("deploy/examples/receipt-mapping.toml")
LOG = Path("../shared/data/receipt.xes.gz")
PRESET_ENDS_AT = datetime.fromisoformat("2022-08-25T17:00:00+07:00")
LOG_ENDS_AT = datetime.fromisoformat("2012-01-23T15:42:54.644+01:00")


@dataclass(frozen=True, kw_only=True)
class CasesTold:
    """The events of each case, the rules they go by, and the instant at which the telling ends."""

    name: str
    cases: list[list[CaseEvent]]
    rules: RuleBook
    ends_at: datetime


def preset(scale: float) -> CasesTold:
    """The cases of kontum-2022."""
    simulation = Simulation("kontum-2022", scale=scale)
    rules = rule_book(rules_text(simulation.province), [VIETNAM])
    cases = [events_of(told.story) for told in simulation.cases()]
    return CasesTold(name=f"kontum-2022, scale {scale:g}", cases=cases, rules=rules, ends_at=PRESET_ENDS_AT)


def public_log(path: Path) -> CasesTold:
    """The cases of the receipt log, in which what was done is told when it had been done."""
    mapping, tables = parse_mapping(MAPPING.read_text(encoding="utf-8"))
    rules = RuleBook()
    rules = rules.with_definitions(definitions_to_append(parse_tables(tables), rules))
    return CasesTold(name="receipt.xes", cases=list(_logged(path, mapping)), rules=rules, ends_at=LOG_ENDS_AT)


def _logged(path: Path, mapping: Mapping) -> Iterator[list[CaseEvent]]:
    with gzip.open(path) as stream:
        for part in read_cases(stream, mapping):
            case = None if isinstance(part, FileRemark) else part[1]
            if not isinstance(case, Translation):
                continue
            texts = (json.dumps(event) for event in case.events)
            yield [
                case_event(text, position=place, ingested_at=datetime(2012, 2, 1, tzinfo=UTC))
                for place, text in enumerate(texts, start=1)
            ]
