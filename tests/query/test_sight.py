"""Bound readers see what the contract gives them, by whatever address they ask, and nothing else; what they may not see looks like what is not there."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import text
from tests.conftest import migrated_database
from tests.projector.logs import define
from tests.publications.publishing import desk_of
from tests.query.bound_readers import (
    ADDRESSES,
    ANSWERED_BY_NOTHING,
    AS_OF,
    OF_NO_CASE,
    READERS,
    SIGHTS,
    UNKNOWN_CASE,
    Told,
    client_for,
    minutes_of,
    pages_of,
    person_for,
    probes,
    read,
    still,
    truth_of,
    words_in,
)
from tests.query.serving import asked_service
from tests.query.small_province import RULES, Reader, Truth, told_cases, units_of

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_query.sight import seen_log_pages
from tiendo_read_models.builds import reading
from tiendo_runtime.authentication import Key
from tiendo_runtime.database import engine_of, service_engine
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.web.route_guards import OPEN_TO_ALL

SOME: Final = [READERS[1], READERS[2], READERS[4], READERS[7]]
WALKING: Final = [READERS[1], READERS[2], READERS[6]]


@pytest.fixture(scope="module")
async def told(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=20)
        async with asked_service(url, engine, tmp_path_factory.mktemp("sight")) as service:
            await define(engine, *RULES)
            cases = told_cases()
            await service.tell(one for case in cases[:-4] for one in case.texts)
            known_at = datetime.now(UTC).isoformat()
            await service.tell(one for case in cases[-4:] for one in case.texts)
            clients = {reader: await client_for(service, reader) for reader in READERS}
            people = {reader: await person_for(service, reader) for reader in WALKING}
            desk = await desk_of(service)
            lists = [(await desk.draft(unit, period="2022-07"))["id"] for unit in ("H34.TOWN", "H34.LAND")]
            await service.caught_up()
            try:
                truth = await truth_of(engine)
                yield Told(
                    service=service,
                    truth=truth,
                    clients=clients,
                    people=people,
                    known_at=known_at,
                    publications=lists,
                )
            finally:
                for client in (*clients.values(), *people.values(), desk.client):
                    await client.aclose()
        await engine.dispose()


@pytest.fixture(scope="module", autouse=True)
def officers_have_keys(module_patch: pytest.MonkeyPatch) -> None:
    """Keys that see what an officer sees: such callers are people, whom no key stands for otherwise."""
    of_key = Key.sight.fget
    assert of_key is not None
    module_patch.setattr(Key, "sight", property(lambda key: SIGHTS.get(key.key_id) or of_key(key)))


@pytest.fixture(scope="module")
def module_patch() -> Iterable[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.mark.parametrize("reader", READERS, ids=str)
async def test_lists_show_every_case_seen_and_no_other(told: Told, reader: Reader) -> None:
    client, truth = told.clients[reader], told.truth
    whole, part = truth.whole(reader), truth.in_part(reader)
    everything = {case["case_id"]: case for case in await told.service.all_items("/v1/cases")}

    shown = {case["case_id"]: case for case in await pages_of(client, "/v1/cases", limit=3)}

    assert set(shown) == whole | part
    assert {case_id: shown[case_id] for case_id in whole} == {case_id: everything[case_id] for case_id in whole}
    for case_id in part:
        masked = {"anomalies", "holder"}
        plain = {name: value for name, value in shown[case_id].items() if name not in masked}
        assert plain == {name: value for name, value in everything[case_id].items() if name not in masked}
        assert shown[case_id]["anomalies"] == []
    asked = ({"text": "hs-"}, {"open": "true"}, {"overdue": "true"}, {"state": "completed"}, {"class": "actual"})
    for filters in asked:
        of_all = {case["case_id"] for case in await told.service.all_items("/v1/cases", **filters)}
        assert {case["case_id"] for case in await pages_of(client, "/v1/cases", **filters)} == of_all & (whole | part)
    for sort in ("-received_at", "judged_due_at", "lateness_minutes"):
        ids = [case["case_id"] for case in await told.service.all_items("/v1/cases", sort=sort)]
        ordered = [case["case_id"] for case in await pages_of(client, "/v1/cases", limit=3, sort=sort)]
        assert ordered == [case_id for case_id in ids if case_id in whole | part], sort


@pytest.mark.parametrize("reader", SOME, ids=str)
async def test_a_case_that_is_not_seen_is_answered_as_one_that_is_not_there(told: Told, reader: Reader) -> None:
    client, truth = told.clients[reader], told.truth
    seen = truth.codes(truth.whole(reader) | truth.in_part(reader))

    for address in ("/v1/cases/{}", "/v1/cases/{}/timeline", "/v1/cases/{}/events", "/cases/{}"):
        never = _plain(await client.get(address.format(UNKNOWN_CASE)), UNKNOWN_CASE)
        assert never[0] == 404 or address.startswith("/cases")
        for code in sorted(truth.codes(truth.cases)):
            answer = await client.get(address.format(quote(code, safe="")))
            if code in seen:
                assert answer.status_code == 200
            elif not address.startswith("/cases"):
                assert _plain(answer, code) == never


def _plain(answer: httpx.Response, code: str) -> tuple[int, str, dict[str, str]]:
    headers = {
        name: value for name, value in answer.headers.items() if name not in {"date", "content-length", "x-request-id"}
    }
    return answer.status_code, answer.text.replace(code, "?"), headers


@pytest.mark.parametrize("reader", SOME, ids=str)
async def test_a_timeline_seen_in_part_has_every_minute_and_of_others_the_kind_and_the_unit(
    told: Told, reader: Reader
) -> None:
    client, truth = told.clients[reader], told.truth
    views: list[dict[str, str]] = [{}, {"as_of": AS_OF[1]}, {"basis": "recorded"}, {"policy": "after-due/1"}]
    for case_id in sorted(truth.in_part(reader) | truth.whole(reader)):
        for view in views:
            path = f"/v1/cases/{case_id}/timeline"
            full, answer = await told.service.raw(path, **view), await client.get(path, params=view)
            if full.status_code != 200:
                assert answer.status_code == full.status_code
                continue
            shown, expected = answer.json(), full.json()
            if case_id in truth.whole(reader):
                assert still(shown) == still(expected)
                continue
            assert [minutes_of(hold) for hold in shown["holds"]] == [minutes_of(hold) for hold in expected["holds"]]
            for name in ("holds", "attributions"):
                assert [one["party"]["kind"] for one in shown[name]] == [one["party"]["kind"] for one in expected[name]]
                assert [one["party"]["unit"] for one in shown[name]] == [one["party"]["unit"] for one in expected[name]]
            assert sum(one["minutes"] for one in shown["attributions"]) == (expected["lateness_minutes"] or 0)
            for of, was in zip(shown["holds"], expected["holds"], strict=True):
                own = reader.officer == was["party"]["id"] if reader.officer else None
                if own is None:
                    named = was["party"]["unit"]
                    own = named is not None and truth.is_below(reader, named["id"], case_id)
                if own:
                    assert of == was
                else:
                    assert of["event_ids"] == []
                    assert was["party"]["kind"] != "officer" or (of["party"]["id"], of["party"]["name"]) == (None, None)


@pytest.mark.parametrize("reader", READERS, ids=str)
async def test_the_log_shows_the_events_of_cases_seen_whole_at_their_positions(told: Told, reader: Reader) -> None:
    client, truth = told.clients[reader], told.truth
    codes = truth.codes(truth.whole(reader))
    every = (await told.service.get("/v1/events", limit=1_000))["events"]
    expected = [entry for entry in every if entry["event"].get("subject") in codes]

    after, shown = 0, list[Any]()
    for _ in range(1 + len(expected)):
        page = (await client.get("/v1/events", params={"after": after, "limit": 7})).json()
        shown += page["events"]
        after = page["next"]
        if not page["events"]:
            break

    assert shown == expected
    assert after == every[-1]["position"]
    assert (await client.get("/v1/events", params={"after": 10**9})).json() == {"events": [], "next": 10**9}
    for case_id in truth.in_part(reader):
        assert (await client.get(f"/v1/cases/{case_id}/events")).json() == {"events": [], "next": 0}
    for case_id in truth.whole(reader):
        entries = (await client.get(f"/v1/cases/{case_id}/events")).json()["events"]
        assert entries == (await told.service.get(f"/v1/cases/{case_id}/events"))["events"]


@pytest.mark.parametrize("reader", READERS, ids=str)
async def test_rankings_count_cases_seen_whole_and_of_others_what_is_of_the_readers_own(
    told: Told, reader: Reader
) -> None:
    client, truth = told.clients[reader], told.truth
    expected: dict[str, Counter[str]] = {}
    for case_id in truth.whole(reader) | truth.in_part(reader):
        timeline = truth.timelines[case_id]
        parties = [hold.party for hold in timeline.holds] + [share.party for share in timeline.attributions]
        if timeline.late_entry_party is not None and timeline.late_entry_minutes:
            parties.append(timeline.late_entry_party)
        is_whole = case_id in truth.whole(reader)
        here = {
            party.key
            for party in parties
            if party.kind == "officer" and (is_whole or truth.is_own(reader, party, case_id))
        }
        for key in here:
            expected.setdefault(key, Counter())["cases"] += 1
            shares = [one for one in timeline.attributions if one.party.key == key]
            own = [one for one in shares if is_whole or truth.is_own(reader, one.party, case_id)]
            expected[key]["attributed_minutes"] += (
                0 if timeline.finished_at is None else sum(one.minutes for one in own)
            )
            expected[key]["open"] += timeline.finished_at is None

    ranked = {one["officer"]["key"]: one for one in await pages_of(client, "/v1/officers", limit=2)}

    assert set(ranked) == set(expected)
    for key, totals in expected.items():
        assert ranked[key]["cases"] == totals["cases"], key
        if not totals["open"]:
            assert ranked[key]["attributed_minutes"] == totals["attributed_minutes"], key
    for number in range(1, 12):
        status = (await client.get(f"/v1/officers/CC-{number}/timeline")).status_code
        named = any(f'"CC-{number}"' in key for key in expected)
        assert status == (200 if named else 404), number


@pytest.mark.parametrize("reader", READERS, ids=str)
async def test_figures_are_of_cases_seen_whole(told: Told, reader: Reader) -> None:
    client, truth = told.clients[reader], told.truth
    whole = [truth.timelines[case_id] for case_id in truth.whole(reader)]
    resolved = sum(one.completed_at is not None for one in whole)
    opened = sum(one.finished_at is None and one.state.value != "submitted" for one in whole)

    answers = [(await client.get("/v1/report")).json()]
    answers += [
        unit for unit in [(await client.get(f"/v1/units/{one}")).json() for one in reader.units] if "own" in unit
    ]

    for answer in answers:
        if "from" in answer and "fields" in answer:
            assert (answer["resolved"], answer["open"]) == (resolved, opened)
    indicators = (await client.get("/v1/indicators")).json()["indicators"]
    assert next(one for one in indicators if one["name"] == "overdue-ratio/1")["denominator"] == resolved


@pytest.mark.parametrize(
    ("reader", "days", "left_out"),
    [
        (READERS[1], {"from": "2022-07-01", "to": "2022-07-31"}, ["H34.LAND"]),
        (READERS[1], {"from": "2022-08-01", "to": "2022-08-31"}, []),
        (READERS[2], {"from": "2022-07-01", "to": "2022-07-31"}, []),
        (READERS[0], {}, []),
    ],
    ids=["before", "after", "taken over", "above both"],
)
async def test_figures_say_where_a_re_organisation_leaves_cases_out(
    told: Told, reader: Reader, days: dict[str, str], left_out: list[str]
) -> None:
    """`H34.OLD` and `H34.MOVED` lay below `H34.LAND` up to the end of July."""
    client = told.clients[reader]
    report = (await client.get("/v1/report", params=days)).json()
    units = [unit["id"] for unit in await pages_of(client, "/v1/units", **days) if unit["cases_left_out"]]
    indicators = (await client.get("/v1/indicators", params=days)).json()

    assert units == left_out
    assert report["cases_left_out"] == indicators["cases_left_out"] == bool(left_out)


@pytest.mark.parametrize("reader", READERS, ids=str)
async def test_units_outside_are_not_there_and_those_above_show_their_name_alone(told: Told, reader: Reader) -> None:
    client, truth = told.clients[reader], told.truth
    configured = {rule.id for rule in RULES}
    everywhere = configured | {"H34.20.1", "H34.TOWN.1", "H34.X", "H34.BETWEEN"}
    inside = {
        unit_id
        for case_id, case in truth.cases.items()
        for unit_id in configured
        | {of for event in case.events for one in units_of(event) for of in (one.id, one.parent)}
        if unit_id is not None and truth.is_below(reader, unit_id, case_id)
    }
    never = _plain(await client.get("/v1/units/NEVER"), "NEVER")

    listed = {unit["id"] for unit in await pages_of(client, "/v1/units", limit=2)}

    assert listed == inside
    for unit_id in sorted(everywhere):
        answer = await client.get(f"/v1/units/{unit_id}")
        if unit_id in inside:
            assert answer.status_code == 200
            assert answer.json()["id"] == unit_id
        elif answer.status_code == 200:
            assert set(answer.json()) == {"id", "name"}
            assert any(unit_id in _line(truth, own) for own in reader.units)
        else:
            assert _plain(answer, unit_id) == never


def _line(truth: Truth, unit_id: str | None) -> list[str]:
    lines = [unit_id]
    for case_id in truth.cases:
        of = unit_id
        while of is not None and (above := truth.parent(of, case_id)) is not None and above not in lines:
            lines.append(of := above)
    return [one for one in lines if one is not None]


async def test_no_address_tells_what_is_hidden(told: Told) -> None:
    answered = set[str]()
    for reader in WALKING:
        hidden = told.truth.hidden(reader)
        for address, path, value in probes(told, reader):
            # What is for people alone is asked for by people; all else by programs, which see the same.
            client = (told.people if address.startswith("/desk") else told.clients)[reader]
            answer = await client.get(path)
            assert answer.status_code in {200, 303, 401, 403, 404, 503}, (path, answer.text)
            if answer.status_code == 200:
                answered.add(address)
                assert not words_in(read(answer), hidden) - {value}, (path, str(reader))
    assert set(ADDRESSES) - answered == ANSWERED_BY_NOTHING


def test_every_address_that_answers_a_reader_is_tried(told: Told) -> None:
    asked = {re.sub(r"\{[\w:]+\}", "{}", address.partition("?")[0]) for address in ADDRESSES}
    answering = {
        re.sub(r"\{[\w:]+\}", "{}", route.path or "")
        for route in iter_route_contexts(told.service.app.routes)
        if "GET" in (route.methods or ()) and f"GET {route.path}" not in OPEN_TO_ALL and route.path not in OF_NO_CASE
    }

    assert {re.sub("1\\.0|(?<=^/forms/)ii06a", "{}", address) for address in asked} >= answering - {
        "/desk/publications/{}/{}"
    }
    assert "/desk/publications/{}/approve" in asked


async def test_a_transaction_that_names_no_sight_sees_nothing(told: Told) -> None:
    engine = service_engine(told.service.engine.url.render_as_string(hide_password=False), DatabaseRole.QUERY)
    try:
        async with reading(engine) as reader:
            for table in (
                "cases",
                "cases_in_part",
                "holds",
                "attributions",
                "aliases",
                "unit_statements",
                "places",
                "folds",
                "faults",
            ):
                count = text(f"SELECT count(*) FROM {reader.build.schema_name}.{table}")
                assert await reader.connection.scalar(count) == 0, table
            for table in ("events", "joined_codes"):
                assert await reader.connection.scalar(text(f"SELECT count(*) FROM tiendo.{table}")) == 0, table
    finally:
        await engine.dispose()


async def test_the_page_of_a_case_seen_in_part_says_nothing_of_evidence_that_it_does_not_show(told: Told) -> None:
    address, line = "/cases/HS-FORGOTTEN-TOWN", "Minh chứng kết thúc trong hạn"

    whole, part = [(await told.clients[reader].get(address)).text for reader in (READERS[2], READERS[1])]

    assert line in whole
    assert "77/GXN" in whole
    assert "Ghi nhận kết thúc lúc" in part
    assert line not in part


async def test_stretches_of_the_log_in_which_nothing_is_found_grow_also_for_pages_of_one_event(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, codes = list[int](), seen_log_pages._codes

    async def counted(reader: Any, after: int, up_to: int, *, limit: int | None = None) -> Any:
        asked.append(after)
        return await codes(reader, after, up_to, limit=limit)

    monkeypatch.setattr(seen_log_pages, "_codes", counted)
    monkeypatch.setattr(seen_log_pages, "_CODES_AT_ONCE", 0)
    monkeypatch.setattr(seen_log_pages, "_FIRST_STRETCH", 1)
    page = (await told.clients[Reader()].get("/v1/events", params={"limit": 1})).json()

    assert page["events"] == []
    assert len(asked) <= 2 + page["next"].bit_length()
