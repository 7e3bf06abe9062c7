"""Stories as lines: CloudEvents in JSON, and the ground truth beside them."""

import json
from collections.abc import Mapping
from typing import Any

from tiendo_simulation.conduct import Act, Story, event_id
from tiendo_simulation.defects import DISTURBS, Defect
from tiendo_simulation.minute_calendar import instant_text
from tiendo_simulation.truth import PartyKey, Truth

MINUTE = 60


def event_lines(story: Story) -> list[str]:
    """One CloudEvent as JSON for each act, in the order of the acts."""
    middle = f'","source":"{story.office.source}","subject":"{story.case_id}","type":"vn.tiendo.case.'
    return [_line(story, middle, index, act) for index, act in enumerate(story.acts)]


def _line(story: Story, middle: str, index: int, act: Act) -> str:
    recorded = ""
    if act.recorded is not None:
        recorded = f',"recordedat":"{instant_text(act.recorded // MINUTE, act.recorded % MINUTE)}"'
    sequence = f',"sequence":"{index + 1}"' if story.numbered else ""
    members = [
        f'"actor":{act.actor}' if act.actor else "",
        f'"holder":{act.holder}' if act.holder else "",
        f'"step":{act.step}' if act.step else "",
        act.more[1:],
    ]
    return (
        f'{{"specversion":"1.0","id":"{event_id(story.case_id, index)}{middle}{act.kind}.v1",'
        f'"time":"{instant_text(act.minute, act.second)}"{recorded}{sequence},"datacontenttype":"application/json",'
        f'"data":{{{",".join(member for member in members if member)}}}}}'
    )


def truth_line(story: Story, truth: Truth | None, names: Mapping[PartyKey, str | None]) -> str:
    """The ground truth of one case as JSON: what happened, who caused how many minutes, and what is wrong with the events."""
    ending = None if story.conduct is None else story.conduct.ending
    entry: dict[str, Any] = {
        "case_id": story.case_id,
        "unit": story.office.id,
        "group": story.office.group.value,
        "procedure": story.procedure.id,
        "field": json.loads(story.procedure.field_text)["id"],
        "pause_mode": story.procedure.mode.value,
        "fate": story.fate.value,
        "open": story.conduct is not None and ending is None,
        "events": len(story.acts),
        "defects": [{"kind": kind, "disturbs": DISTURBS[Defect(kind)].value} for kind in story.defects],
    }
    if truth is not None:
        entry |= {
            "judged_due_at": instant_text(truth.judged_due),
            "finished_at": None if ending is None else instant_text(ending.minute, ending.second),
            "overdue": truth.overdue,
            "lateness_minutes": truth.lateness,
            "late_entry_minutes": truth.late_entry,
            "late_entry_party": None if truth.late_entry_party is None else _party(truth.late_entry_party, names),
            "policy": truth.policy,
            "shares": [{**_party(party, names), "minutes": minutes} for party, minutes in truth.shares.items()],
            "held": [
                {**_party(party, names), "step": step, "minutes": minutes}
                for (party, step), minutes in truth.held.items()
            ],
        }
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def _party(party: PartyKey, names: Mapping[PartyKey, str | None]) -> dict[str, str | None]:
    return {"kind": party[0].value, "id": party[1], "name": names.get(party)}
