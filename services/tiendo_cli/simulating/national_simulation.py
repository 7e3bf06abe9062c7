"""A simulation as the national format sends it: envelopes, and the directory by which names are matched."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from random import Random
from typing import Any

from tiendo_simulation import Simulation, Story
from tiendo_simulation.channel_defects import ChannelDefect, badly_told, chance_of_case
from tiendo_simulation.channel_telling import ChannelTold, DossierSnapshot, channel_told
from tiendo_simulation.minute_calendar import MinuteCalendar, office_calendar
from tiendo_sources.national.writing import DOSSIERS, ROWS, dossier_record, envelope, row_record

SOURCE = "/simulation/kontum-2022"
"""The source to which the key of the simulation is bound."""


def envelopes_of(
    story: Story, hours: MinuteCalendar, rng: Random, *, defects: bool = True
) -> tuple[list[dict[str, Any]], ChannelDefect | None]:
    """The messages about one case in the order of their sending, and what the channel makes worse in them."""
    told: list[ChannelTold] = channel_told(story, hours)
    defect = None
    if defects:
        told, defect = badly_told(told, rng)
    return [_message(story.office.id, one) for one in told], defect


def told_cases(simulation: Simulation) -> Iterator[tuple[list[dict[str, Any]], str]]:
    """For each case its messages, and its ground truth with what the channel makes worse."""
    hours = office_calendar()
    for number, told in enumerate(simulation.cases(defects=False)):
        messages, defect = envelopes_of(told.story, hours, chance_of_case(simulation.seed, number))
        truth = json.loads(told.truth)
        truth["defects"] = [] if defect is None else [{"kind": defect.value}]
        yield messages, json.dumps(truth, ensure_ascii=False, separators=(",", ":"))


def told_lines(simulation: Simulation) -> Iterator[tuple[list[str], str]]:
    """The same with each message as a line."""
    for messages, truth in told_cases(simulation):
        yield [json.dumps(message, ensure_ascii=False) for message in messages], truth


def _message(unit: str, told: ChannelTold) -> dict[str, Any]:
    if isinstance(told, DossierSnapshot):
        return envelope(DOSSIERS, unit, [dossier_record(asdict(told))])
    return envelope(ROWS, unit, [row_record(asdict(told))])
