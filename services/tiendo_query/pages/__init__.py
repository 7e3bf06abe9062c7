"""The web pages: each a folder with its address (`route.py`), what it shows (`view.py`), its template (`page.html`) and its English (`english.toml`).

What they share lies beside the folders; docs/pages.md tells how a page is added. Names only for who is signed in.
"""

from typing import Final

from fastapi import APIRouter

from tiendo_query.pages import chosen_language, live, static_files
from tiendo_query.pages.administration import route as administration
from tiendo_query.pages.case import route as case
from tiendo_query.pages.cases import exporting as exported_cases
from tiendo_query.pages.cases import route as cases
from tiendo_query.pages.consultations import route as consultations
from tiendo_query.pages.decide import route as decide
from tiendo_query.pages.decisions import route as decisions
from tiendo_query.pages.desk import route as desk
from tiendo_query.pages.difficulties import route as difficulties
from tiendo_query.pages.explain import route as explain
from tiendo_query.pages.flows import route as flows
from tiendo_query.pages.forms import route as forms
from tiendo_query.pages.glossary import route as glossary
from tiendo_query.pages.late_entries import route as late_entries
from tiendo_query.pages.officer import route as officer
from tiendo_query.pages.officers import route as officers
from tiendo_query.pages.problem.view import problem_page
from tiendo_query.pages.procedure import route as procedure
from tiendo_query.pages.procedures import route as procedures
from tiendo_query.pages.province import route as province
from tiendo_query.pages.public_list import route as public_list
from tiendo_query.pages.public_lists import route as public_lists
from tiendo_query.pages.publication import route as publication
from tiendo_query.pages.publications import route as publications
from tiendo_query.pages.quality import route as quality
from tiendo_query.pages.record import route as record
from tiendo_query.pages.rule_book import route as rule_book
from tiendo_query.pages.search import route as search
from tiendo_query.pages.sources import route as sources
from tiendo_query.pages.style import route as style
from tiendo_query.pages.unit import route as unit
from tiendo_query.pages.unit_desk import route as unit_desk
from tiendo_query.pages.withdraw import route as withdraw

_PAGES: Final = (
    static_files,
    chosen_language,
    live,
    province,
    cases,
    exported_cases,
    case,
    officers,
    officer,
    quality,
    public_lists,
    public_list,
    desk,
    record,
    explain,
    withdraw,
    unit_desk,
    consultations,
    decisions,
    decide,
    late_entries,
    publications,
    publication,
    style,
    search,
    rule_book,
    glossary,
    unit,
    procedures,
    procedure,
    flows,
    difficulties,
    forms,
    administration,
    sources,
)

router: Final = APIRouter()
for _page in _PAGES:
    router.include_router(_page.router)

__all__ = ["problem_page", "router"]
