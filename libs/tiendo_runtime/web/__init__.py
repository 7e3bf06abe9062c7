"""The frame of a web service: parts with their routes, and what they share."""

from tiendo_runtime.web.access import (
    current_session,
    reads_the_access_log,
    requires,
    requires_auditor,
    requires_key,
    requires_sender,
)
from tiendo_runtime.web.language import language_of, language_of_page
from tiendo_runtime.web.parts import Readiness, Running, ServicePart, running_of, stopping_of
from tiendo_runtime.web.problem_pages import sign_in_path, ways_on
from tiendo_runtime.web.public_pages import (
    SignInNeeded,
    standing_visitor,
    visitor_of_a_case,
    visitor_of_administration,
    visitor_of_news,
    visitor_of_one_person,
)
from tiendo_runtime.web.service import create_service
from tiendo_runtime.web.sign_in.local_paths import path_of

__all__ = [
    "Readiness",
    "Running",
    "ServicePart",
    "SignInNeeded",
    "create_service",
    "current_session",
    "language_of",
    "language_of_page",
    "path_of",
    "reads_the_access_log",
    "requires",
    "requires_auditor",
    "requires_key",
    "requires_sender",
    "running_of",
    "sign_in_path",
    "standing_visitor",
    "stopping_of",
    "visitor_of_a_case",
    "visitor_of_administration",
    "visitor_of_news",
    "visitor_of_one_person",
    "ways_on",
]
