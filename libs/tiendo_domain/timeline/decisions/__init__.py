"""What is explained and decided of a case, and what it bears after that (section E). The course of the case is never changed by it.

`named_parties` says whom a decision names, `standing` which decisions stand, `class_effects` and `moves` what these do, `deciding` puts it together.
"""

from tiendo_domain.timeline.decisions.deciding import AfterDecisions, CaseByRule, after_decisions

__all__ = ["AfterDecisions", "CaseByRule", "after_decisions"]
