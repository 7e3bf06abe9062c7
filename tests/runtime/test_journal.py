"""The journal never shows a secret."""

import pytest

from tiendo_runtime.authentication.keys import new_secret
from tiendo_runtime.journal import hide_secrets


@pytest.mark.parametrize("name", ["key", "Authorization", "password", "token", "cookie"])
def test_what_a_name_says_is_secret_is_hidden(name: str) -> None:
    assert hide_secrets(None, "info", {"event": "x", name: "value"}) == {"event": "x", name: "[hidden]"}


def test_a_key_inside_a_text_is_hidden() -> None:
    secret = new_secret("key-0123456789")
    entry = hide_secrets(
        None, "info", {"event": f"GET /sign-in?key={secret}", "more": {"headers": [f"Bearer {secret}"]}}
    )
    assert secret not in str(entry)


def test_the_password_of_an_address_is_hidden() -> None:
    entry = hide_secrets(None, "info", {"event": "connecting to postgresql://tiendo:s3cret@db/tiendo"})
    assert entry["event"] == "connecting to postgresql://[hidden]@db/tiendo"
