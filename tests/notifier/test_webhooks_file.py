"""The file of webhooks is taken, or refused with what is wrong and where."""

from pathlib import Path

import pytest

from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.settings import load_settings
from tiendo_runtime.webhook_targets import NotifiedTarget, WebhookTarget, load_targets

GOOD = '[[webhook]]\nname = "a"\nurl = "https://noivu.example.vn/tiendo"\nsecret_file = "a.secret"\n'


def loaded(path: Path | None, **settings: object) -> tuple[NotifiedTarget, ...]:
    return load_targets(load_settings(webhooks=path, **settings))


def written(folder: Path, content: str) -> Path:
    path = folder / "webhooks.toml"
    path.write_text(content)
    return path


def test_a_file_is_read_and_its_secrets_lie_beside_it(tmp_path: Path) -> None:
    [target] = loaded(written(tmp_path, GOOD))
    assert isinstance(target, WebhookTarget)
    assert target.webhook.url == "https://noivu.example.vn/tiendo"
    assert target.webhook.units is None
    assert target.secret_path == tmp_path / "a.secret"
    assert loaded(None) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.replace("https", "http"), "number 1, url: Value error, an address that begins with https://"),
        (GOOD.replace("https://noivu.example.vn/tiendo", "ftp://localhost/x"), "number 1, url"),
        (GOOD.replace('"a"', '"a b"'), "number 1, name"),
        (GOOD + 'colour = "red"\n', "number 1, colour: Extra inputs"),
        (GOOD + GOOD, "two entries have the same name a"),
        (GOOD + '[[mail]]\nname = "a"\naddress = "a@b"\n', "two entries have the same name a"),
        ('[[mail]]\nname = "a"\naddress = "a@b, c@d"\n', "[[mail]] number 1, address"),
        (GOOD.replace("[[webhook]]", "[webhook]"), "every entry begins with"),
        ("x = 1\n", "unknown: x"),
        ("[[webhook", "webhooks.toml"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_what_and_where(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        loaded(written(tmp_path, content), mail_host="mail.example.vn", mail_from="t@example.vn")
    assert said in str(refused.value)
    assert "TIENDO_WEBHOOKS" in str(refused.value)


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_ÿ", "no base64!", "whsec_" + "c2hvcnQ" * 6 + "?=="]
)
def test_a_secret_that_is_none_is_refused(tmp_path: Path, secret: str) -> None:
    (tmp_path / "a.secret").write_text(secret)
    [target] = loaded(written(tmp_path, GOOD))
    with pytest.raises(SettingsInvalid, match=r"webhook a: .*a\.secret"):
        target.check()


def test_an_address_of_mail_needs_a_server(tmp_path: Path) -> None:
    listed = written(tmp_path, '[[mail]]\nname = "a"\naddress = "a@example.vn"\n')
    with pytest.raises(SettingsInvalid, match="TIENDO_MAIL_HOST: is missing; the mail a needs a server"):
        loaded(listed)
    [target] = loaded(listed, mail_host="mail.example.vn", mail_from="t@example.vn")
    assert (target.name, target.units) == ("a", None)
