"""Cases found by a text: by a part of their codes, and by names without diacritics (design, 10: by a stored key)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tiendo_domain.names import search_parts

_LOOKS_LIKE_A_CODE = re.compile(r"\S*\d\S*")
_CODE_HAS_TEXT = """strpos(lower(c.case_id), lower(:text)) > 0
    OR EXISTS (SELECT FROM unnest(c.aliases) AS alias WHERE strpos(lower(alias), lower(:text)) > 0)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSearch:
    """A text for which cases are looked for. With `people` also by the names of the officers who held them.

    `unit_ids` and `officer_ids` are those whose names in the directory the text finds, which the case's own events need not know.
    """

    text: str
    people: bool
    unit_ids: tuple[str, ...] = ()
    officer_ids: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """What is looked for in stored keys; nothing of one word with a digit in it, which is a part of a code."""
        return () if _LOOKS_LIKE_A_CODE.fullmatch(self.text.strip()) else search_parts(self.text)

    @property
    def is_by_code_alone(self) -> bool:
        """Whether only codes can have the text."""
        return not self.parts

    def condition(self, *, holds: str) -> str:
        """The SQL of whether a case `c` is found; `holds` is the relation of holds."""
        keys = ["c.search_key", *(["c.people_search_key"] if self.people else [])]
        found = [f"strpos({key}, :text_part_{number}) > 0" for key in keys for number in range(len(self.parts))]
        if self.unit_ids:
            found.append("c.unit_id = ANY(CAST(:text_units AS text[]))")
        if self.people and self.officer_ids:
            found.append(
                f"EXISTS (SELECT FROM {holds} h WHERE h.case_id = c.case_id AND h.party_kind = 'officer' AND h.party_id = ANY(CAST(:text_officers AS text[])))"
            )
        return f"({' OR '.join([_CODE_HAS_TEXT, *found])})"

    @property
    def parameters(self) -> Mapping[str, object]:
        """The values of the parameters that the condition names."""
        parts = {f"text_part_{number}": part for number, part in enumerate(self.parts)}
        units = {"text_units": list(self.unit_ids)} if self.unit_ids else {}
        officers = {"text_officers": list(self.officer_ids)} if self.people and self.officer_ids else {}
        return {"text": self.text, **parts, **units, **officers}
