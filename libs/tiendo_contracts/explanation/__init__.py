"""A timeline in words, Vietnamese and English: how each minute of lateness came about, sentence by sentence, with rule numbers."""

from tiendo_contracts.explanation.anomaly_messages import anomaly_message
from tiendo_contracts.explanation.sentences import Section, Sentence, explain
from tiendo_contracts.explanation.vocabulary import CLASS_WORDS, PARTY_WORDS, STATE_WORDS, minutes_in_words

__all__ = [
    "CLASS_WORDS",
    "PARTY_WORDS",
    "STATE_WORDS",
    "Section",
    "Sentence",
    "anomaly_message",
    "explain",
    "minutes_in_words",
]
