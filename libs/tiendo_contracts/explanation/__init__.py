"""A timeline in words, Vietnamese and English: how each minute of lateness came about, sentence by sentence, with rule numbers."""

from tiendo_contracts.explanation.cause_words import CAUSE_WORDS
from tiendo_contracts.explanation.durations import (
    days_and_hours,
    in_words,
    minutes_in_words,
    number_in_words,
    percent_in_words,
)
from tiendo_contracts.explanation.early_warnings import (
    DUE_WITHIN_A_DAY,
    DUE_WITHIN_THREE_DAYS,
    apology_in_words,
    pace_in_words,
    plan_in_words,
)
from tiendo_contracts.explanation.policies import POLICY_WORDS, PolicyWords, policy_in_words
from tiendo_contracts.explanation.remarks import Remark, remarks_on
from tiendo_contracts.explanation.sentences import SECTION_WORDS, Section, Sentence, explain
from tiendo_contracts.explanation.vocabulary import (
    ANOMALY_WORDS,
    CLASS_WORDS,
    PARTY_WORDS,
    STATE_WORDS,
    anomaly_in_words,
    calendar_in_words,
    moment_in_words,
    moment_of_text,
    party_in_words,
    rule_in_words,
    until_in_words,
)
from tiendo_contracts.explanation.waiting import waiting_in_words

__all__ = [
    "ANOMALY_WORDS",
    "CAUSE_WORDS",
    "CLASS_WORDS",
    "DUE_WITHIN_A_DAY",
    "DUE_WITHIN_THREE_DAYS",
    "PARTY_WORDS",
    "POLICY_WORDS",
    "SECTION_WORDS",
    "STATE_WORDS",
    "PolicyWords",
    "Remark",
    "Section",
    "Sentence",
    "anomaly_in_words",
    "apology_in_words",
    "calendar_in_words",
    "days_and_hours",
    "explain",
    "in_words",
    "minutes_in_words",
    "moment_in_words",
    "moment_of_text",
    "number_in_words",
    "pace_in_words",
    "party_in_words",
    "percent_in_words",
    "plan_in_words",
    "policy_in_words",
    "remarks_on",
    "rule_in_words",
    "until_in_words",
    "waiting_in_words",
]
