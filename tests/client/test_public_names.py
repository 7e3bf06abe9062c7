"""What the client library offers is there, though it is imported only when it is used."""

import subprocess
import sys

import pytest

import tiendo_client


@pytest.mark.parametrize("name", tiendo_client.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(tiendo_client, name).__name__ == name


def test_a_name_that_is_not_public_is_told_as_python_does() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Consumer'"):
        _ = tiendo_client.Consumer


def test_who_asks_how_a_cluster_is_reached_imports_neither_kafka_nor_database() -> None:
    asked = "import sys; from tiendo_client.kafka_access import KafkaAccess; print(sorted({'aiokafka', 'sqlalchemy', 'httpx'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
