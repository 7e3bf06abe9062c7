"""Questions that come at once, more of them than the database has connections, are all answered."""

import asyncio

import httpx
from tests.bench.samples import case_id, event_texts
from tests.query.serving import Asked

CASES = 40


async def test_more_questions_than_connections_are_all_answered(service: Asked) -> None:
    await service.tell(event_texts(CASES))
    headers = {"Authorization": f"Bearer {service.secret}"}
    limits = httpx.Limits(max_connections=2 * CASES)
    base = f"http://127.0.0.1:{service.port}"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=60, limits=limits) as client:
        asked = [client.get(f"/v1/cases/{case_id(number % CASES)}/timeline") for number in range(2 * CASES)]
        answers = await asyncio.gather(*asked)
    assert [answer.status_code for answer in answers] == [200] * len(answers)
