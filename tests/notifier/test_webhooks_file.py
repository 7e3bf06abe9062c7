"""The file of webhooks is taken, or refused with what is wrong and where."""

from pathlib import Path

import pytest

from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.webhook_targets import load_webhooks, new_secret

GOOD = '[[webhook]]\nname = "a"\nurl = "https://noivu.example.vn/tiendo"\nsecret_file = "a.secret"\n'


def written(folder: Path, content: str) -> Path:
    path = folder / "webhooks.toml"
    path.write_text(content)
    return path


def test_a_file_is_read_and_its_secrets_lie_beside_it(tmp_path: Path) -> None:
    [target] = load_webhooks(written(tmp_path, GOOD))
    assert target.webhook.url == "https://noivu.example.vn/tiendo"
    assert target.webhook.units is None
    assert target.secret_path == tmp_path / "a.secret"
    assert load_webhooks(None) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.replace("https", "http"), "number 1, url: Value error, an address that begins with https://"),
        (GOOD.replace("https://noivu.example.vn/tiendo", "ftp://localhost/x"), "number 1, url"),
        (GOOD.replace('"a"', '"a b"'), "number 1, name"),
        (GOOD + 'colour = "red"\n', "number 1, colour: Extra inputs"),
        (GOOD + GOOD, "number 1 and number 2 have the same name a"),
        (GOOD.replace("[[webhook]]", "[webhook]"), "every entry begins with"),
        ("x = 1\n", "unknown: x"),
        ("[[webhook", "webhooks.toml"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_what_and_where(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        load_webhooks(written(tmp_path, content))
    assert said in str(refused.value)
    assert "TIENDO_WEBHOOKS" in str(refused.value)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_ÿ", "no base64!", new_secret()[:-3] + "?=="])
def test_a_secret_that_is_none_is_refused(tmp_path: Path, secret: str) -> None:
    (tmp_path / "a.secret").write_text(secret)
    [target] = load_webhooks(written(tmp_path, GOOD))
    with pytest.raises(SettingsInvalid, match=r"webhook a: .*a\.secret"):
        target.signer()
