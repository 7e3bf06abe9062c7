"""Names of a page's template stay clear of those that the frame around it is filled with."""

from importlib.resources import files
from pathlib import Path

import pytest
from jinja2 import meta, nodes

from tiendo_contracts.problems.problem_kinds import Language
from tiendo_query.pages.speaking import ENVIRONMENTS

PAGES = Path(str(files("tiendo_query.pages")))
ENVIRONMENT = ENVIRONMENTS[Language.VIETNAMESE]


def parsed(template: str) -> nodes.Template:
    """The template as Jinja reads it."""
    return ENVIRONMENT.parse((PAGES / template).read_text("utf-8"))


FRAME = meta.find_undeclared_variables(parsed("base.html")) | meta.find_undeclared_variables(
    parsed("components/account.html")
)
FRAMED = [
    name
    for name in sorted(ENVIRONMENT.list_templates(extensions=["html"]))
    if any(one.template == nodes.Const("base.html") for one in parsed(name).find_all(nodes.Extends))
]


def named_at_the_top(template: str) -> set[str]:
    """What the template imports, sets or defines outside of its blocks: these stand for the frame too."""
    found = set[str]()
    for one in parsed(template).body:
        if isinstance(one, nodes.FromImport):
            found |= {name if isinstance(name, str) else name[1] for name in one.names}
        elif isinstance(one, nodes.Import):
            found.add(one.target)
        elif isinstance(one, nodes.Macro):
            found.add(one.name)
        elif isinstance(one, nodes.Assign):
            found |= {name.name for name in (one.target, *one.target.find_all(nodes.Name)) if hasattr(name, "name")}
    return found


@pytest.mark.parametrize("template", FRAMED)
def test_a_page_gives_no_other_meaning_to_a_name_of_the_frame(template: str) -> None:
    assert {"frame", "path", "here"} <= FRAME
    assert named_at_the_top(template) & FRAME == set()
