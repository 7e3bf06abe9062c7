"""Parameters are given once; looking for one that is not takes no longer than reading them."""

import pytest
from starlette.requests import Request

from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_query.questions.strict_routes import each_parameter_once

MANY = 200_000


def asked(query: str) -> Request:
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


async def test_a_parameter_that_is_given_twice_is_refused_by_name() -> None:
    with pytest.raises(Refusal) as refused:
        await each_parameter_once(asked("unit=a&limit=1&limit=2"))
    assert refused.value.field == "limit"


async def test_very_many_parameters_keep_nobody_waiting() -> None:
    await each_parameter_once(asked("&".join(f"a{number}=" for number in range(MANY))))
