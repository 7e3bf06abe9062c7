"""Templates in two languages: they are written in Vietnamese, and what stands in `_(…)` or `{% trans %}` is spoken in English by the catalogues."""

import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from tiendo_contracts.explanation import minutes_in_words, moment_in_words, remarks_on
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_domain.instants import Instant, LocalDate, Moment
from tiendo_query.pages.looking import local_clock
from tiendo_query.pages.rule_links import rule_links, rules_listed
from tiendo_query.pages.showing import (
    NOTHING,
    day,
    in_path,
    moment,
    moment_at,
    number,
    percent,
    until_when,
    working_days,
)
from tiendo_query.pages.visible import exact, isolated, visible

CATALOGUE: Final = "english.toml"
"""What the file of a folder with templates is called: `"câu tiếng Việt" = "the English of it"`, a line each."""

_PACKAGE: Final = "tiendo_query.pages"


def english() -> Mapping[str, str]:
    """What templates say -> the English of it, of all folders of pages."""
    found: dict[str, str] = {}
    for folder in sorted(files(_PACKAGE).iterdir(), key=lambda one: one.name):
        catalogue = folder / CATALOGUE
        if folder.is_dir() and catalogue.is_file():
            found.update(tomllib.loads(catalogue.read_text("utf-8")))
    return found


def _environment(language: Language, catalogue: Mapping[str, str]) -> Environment:
    def spoken(value: object) -> object:
        return value.spoken(language) if isinstance(value, Words) else value

    def shown(value: object) -> object:
        return visible(spoken(value))

    def on_its_own(value: object, otherwise: str = "") -> Markup:
        return isolated(spoken(value), otherwise)

    def said(text: str) -> str:
        return catalogue.get(text, text)

    environment = Environment(
        loader=PackageLoader(_PACKAGE, ""),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(_=said, gettext=said)
    environment.filters.update(_filters(language), spoken=spoken, isolated=on_its_own, exact=exact)
    return environment


def _filters(language: Language) -> Mapping[str, Callable[..., Any]]:
    """How numbers, ratios and moments are written in the language."""
    return {
        "number": partial(number, language=language),
        "percent": partial(percent, language=language),
        "until_when": partial(until_when, language=language),
        "working_days": partial(working_days, language=language),
        "minutes": lambda minutes: NOTHING if minutes is None else minutes_in_words(minutes),
        "moment": _moment,
        "moment_text": moment,
        "moment_at": moment_at,
        "day": day,
        "in_path": in_path,
        "local_clock": local_clock,
        "remarks": remarks_on,
        "rule_links": lambda said: rule_links(said.spoken(language) if isinstance(said, Words) else said),
        "rules_listed": rules_listed,
    }


def _moment(moment: Moment | None) -> str:
    match moment:
        case Instant():
            return moment_in_words(moment)
        case LocalDate(on=on):
            return day(on)
        case _:
            return NOTHING


ENVIRONMENTS: Final[Mapping[Language, Environment]] = {
    Language.VIETNAMESE: _environment(Language.VIETNAMESE, {}),
    Language.ENGLISH: _environment(Language.ENGLISH, english()),
}
