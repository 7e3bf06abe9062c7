"""How far figures can be trusted: what is irregular in a case and across cases, and which minutes rest on it. Pure, like the rest of the domain.

`thresholds` says from when on; `irregularities` looks at one case, `doubts` at the shares of its lateness; `clicking`, `silences` and `identities` look
across cases; `verdicts` says what comes of it. `docs/quality.md` publishes the definitions.
"""

from tiendo_domain.quality.clicking import Burst, Clicks, bursts, closing_officer
from tiendo_domain.quality.doubts import NO_DOUBTS, ShareDoubts, doubts_of
from tiendo_domain.quality.identities import NamedOfficer, names_told_apart, several_names, shared_names
from tiendo_domain.quality.irregularities import irregularities_of
from tiendo_domain.quality.kinds import ACROSS_CASES, QUALITY_KINDS, OtherKind, QualityKind
from tiendo_domain.quality.silences import Silence, silences_told
from tiendo_domain.quality.thresholds import THRESHOLDS, Thresholds
from tiendo_domain.quality.verdicts import QualityVerdict, verdict_on

__all__ = [
    "ACROSS_CASES",
    "NO_DOUBTS",
    "QUALITY_KINDS",
    "THRESHOLDS",
    "Burst",
    "Clicks",
    "NamedOfficer",
    "OtherKind",
    "QualityKind",
    "QualityVerdict",
    "ShareDoubts",
    "Silence",
    "Thresholds",
    "bursts",
    "closing_officer",
    "doubts_of",
    "irregularities_of",
    "names_told_apart",
    "several_names",
    "shared_names",
    "silences_told",
    "verdict_on",
]
