"""JSON texts of strings: events are written from pieces made once."""

import json


def text(value: str) -> str:
    """`value` as a JSON string."""
    return json.dumps(value, ensure_ascii=False)
