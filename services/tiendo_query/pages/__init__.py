"""The web pages, in Vietnamese: the figures of the province, their quality, cases, one case as a picture, one officer.

Names only for who is signed in.
"""

from tiendo_query.pages import quality_page
from tiendo_query.pages.refusal_pages import problem_page
from tiendo_query.pages.routes import router

router.include_router(quality_page.router)

__all__ = ["problem_page", "router"]
