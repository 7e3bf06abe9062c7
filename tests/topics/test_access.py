"""What is set for Kafka goes together, or is refused with the setting and what would be right; secrets are never shown."""

from pathlib import Path
from typing import Any

import pytest
from tests.kafka.certificates import make_authority

from tiendo_client.access_errors import AccessUnusable
from tiendo_client.kafka_access import KafkaAccess, SaslMechanism, SecurityProtocol
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.settings import Settings, load_settings

SIGNED_IN = {"security_protocol": "SASL_SSL", "username": "relay", "password": "top-secret"}


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TIENDO_{name.upper()}", raising=False)


def loaded(monkeypatch: pytest.MonkeyPatch, **kafka: str) -> Settings:
    for name, value in {"bootstrap_servers": "kafka-1:9092", **kafka}.items():
        monkeypatch.setenv(f"TIENDO_KAFKA_{name.upper()}", value)
    return load_settings()


@pytest.mark.parametrize(
    ("kafka", "named"),
    [
        ({"security_protocol": "SASL_SSL"}, "TIENDO_KAFKA_USERNAME is not set, but TIENDO_KAFKA_SECURITY_PROTOCOL"),
        ({"security_protocol": "SASL_SSL", "username": "relay"}, "TIENDO_KAFKA_PASSWORD is not set"),
        ({"username": "relay", "password": "x"}, "TIENDO_KAFKA_USERNAME is set, but .* PLAINTEXT.*SASL_SSL"),
        ({"security_protocol": "SSL", "password": "x"}, "TIENDO_KAFKA_PASSWORD is set, but .* SSL, by which"),
        ({"ca_file": "/ca.pem"}, "TIENDO_KAFKA_CA_FILE is set, but .*not encrypted: set .* to SSL or SASL_SSL"),
        ({"security_protocol": "SSL", "key_file": "/k.pem"}, "TIENDO_KAFKA_KEY_FILE is set, but .*CERTIFICATE_FILE"),
        ({"security_protocol": "SSL", "key_password": "x"}, "TIENDO_KAFKA_KEY_PASSWORD is set, but neither"),
        ({"bootstrap_servers": "kafka-1"}, "TIENDO_KAFKA_BOOTSTRAP_SERVERS: 'kafka-1' is no address.*host:port"),
        ({"bootstrap_servers": "kafka-1:9092,http://kafka-2:9092"}, "'http://kafka-2:9092' is no address"),
        ({"bootstrap_servers": "kafka-1:99999"}, "'kafka-1:99999' is no address"),
        ({"security_protocol": "TLS"}, "TIENDO_KAFKA_SECURITY_PROTOCOL: .*SASL_SSL"),
        ({"relay_principal": "relay"}, "TIENDO_KAFKA_RELAY_PRINCIPAL"),
        ({"readers": "User:ministry nobody"}, "TIENDO_KAFKA_READERS"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    monkeypatch: pytest.MonkeyPatch, kafka: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsInvalid, match=named):
        loaded(monkeypatch, **kafka)


def test_settings_without_brokers_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(monkeypatch, bootstrap_servers="", username="relay").kafka is None


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(monkeypatch, **SIGNED_IN, key_password="also-secret", certificate_file="/c.pem")  # noqa: S106
    for shown in (repr(settings), str(settings), settings.model_dump_json(), repr(settings.kafka), str(settings.kafka)):
        assert "top-secret" not in shown
        assert "also-secret" not in shown
    assert settings.kafka is not None
    assert settings.kafka.password == "top-secret"  # noqa: S105


def test_a_client_gets_what_it_needs(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    access = encrypted(ca_file=authority.certificate, sasl_mechanism=SaslMechanism.SCRAM_SHA_256)
    options = access.options()
    assert options.pop("ssl_context").verify_mode.name == "CERT_REQUIRED"
    assert options == {
        "bootstrap_servers": "a:1,[::1]:2",
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-256",
        "sasl_plain_username": "relay",
        "sasl_plain_password": "top-secret",
    }
    assert access.servers == (("a", 1), ("::1", 2))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing.pem"
    for name in ("ca_file", "certificate_file"):
        with pytest.raises(AccessUnusable, match=f"{name}: there is no file {missing}"):
            encrypted(**{name: missing}).options()


def test_a_file_that_holds_something_else_is_named(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("no certificate")
    with pytest.raises(AccessUnusable, match=r"ca_file: .*rubbish.pem holds no certificates.*PEM"):
        encrypted(ca_file=rubbish).options()
    with pytest.raises(AccessUnusable, match=r"certificate_file: .*rubbish.pem and its key in the same file cannot be"):
        encrypted(certificate_file=rubbish).options()


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    one, another = make_authority(tmp_path / "one"), make_authority(tmp_path / "another")
    encrypted(certificate_file=one.server).options()
    with pytest.raises(AccessUnusable, match=r"has to be that of the certificate"):
        encrypted(certificate_file=one.server, key_file=another.server).options()


def encrypted(**others: Any) -> KafkaAccess:
    return KafkaAccess(
        bootstrap_servers="a:1,[::1]:2",
        security_protocol=SecurityProtocol.SASL_SSL,
        username="relay",
        password="top-secret",  # noqa: S106
        **others,
    )
