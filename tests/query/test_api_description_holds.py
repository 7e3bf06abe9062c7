"""What the description says holds against the real service: generated requests, right and wrong ones, get answers as described."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.conftest import migrated_database
from tests.projector.logs import many_cases
from tests.query.openapi_document import document
from tests.query.serving import asked_service

from tiendo_query.questions import answering_places
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster

# What lies outside of the years 1970 to 2199 is refused; the format's name cannot say so.
schemathesis.openapi.format(
    "date-time",
    st.builds(
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}{}".format,
        st.integers(1970, 2199),
        st.integers(1, 12),
        st.integers(1, 28),
        st.integers(0, 23),
        st.integers(0, 59),
        st.integers(0, 59),
        st.sampled_from(["Z", "+07:00", "-03:30", ".25+07:00"]),
    ),
)
schemathesis.openapi.format(
    "date", st.builds("{}-{:02}-{:02}".format, st.integers(1970, 2199), st.integers(1, 12), st.integers(1, 28))
)


@dataclass(slots=True)
class Background:
    """The service in a thread of its own, since generated tests are synchronous."""

    url: str
    data: Path
    address: str = ""
    secret: str = ""
    ready: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)
    fault: BaseException | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - told to the waiting test
            self.fault = error
        finally:
            self.ready.set()

    async def _serve(self) -> None:
        engine = engine_of(self.url, pool_size=10)
        async with asked_service(self.url, engine, self.data) as service:
            await service.tell(many_cases(25))
            self.address, self.secret = f"http://127.0.0.1:{service.port}", service.secret
            self.ready.set()
            await asyncio.to_thread(self.stop.wait)
        await engine.dispose()


@pytest.fixture(scope="module")
async def described_database(postgres_server: Cluster) -> AsyncIterator[str]:
    """The address of a fresh database."""
    async with migrated_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="module")
def background(described_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Background]:
    """The running service."""
    patched = pytest.MonkeyPatch()
    patched.setattr(answering_places, "MIN_POSITION_WAIT_SECONDS", 0.05)
    running = Background(url=described_database, data=tmp_path_factory.mktemp("described"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    assert running.ready.wait(60)
    if running.fault is not None:
        raise running.fault
    yield running
    running.stop.set()
    thread.join(30)
    patched.undo()


DESCRIBED = schemathesis.openapi.from_dict(document())
DESCRIBED.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@DESCRIBED.include(method="GET").parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_answers_are_as_described(case: schemathesis.Case, background: Background) -> None:
    if (case.query or {}).get("min_position"):
        case.query.pop("min_position")  # a position that is not there yet is waited for, and then a 504
    # A period that ends before it begins, or a cursor that nobody gave out, is refused though each parameter is as described.
    refusals = [positive_data_acceptance]
    case.call_and_validate(
        base_url=background.address, excluded_checks=refusals, headers={"Authorization": f"Bearer {background.secret}"}
    )
