"""The file that lists who is told of publications: webhooks with their secrets, and addresses of mail with the server."""

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from standardwebhooks import Webhook as Signer

from tiendo_contracts.texts.toml_text import TomlInvalid, toml_tables, toml_text
from tiendo_contracts.webhook_list import MailedAddress, Webhook, WebhooksInvalid, webhooks_of
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.mail import MailServer
from tiendo_runtime.settings import Settings

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how a secret begins, and no secret
SECRET_BYTES_MIN: Final = 24
"""What Standard Webhooks asks of a secret."""

_SECRET_LENGTH_MAX: Final = 1_000
_NEW_SECRET_BYTES: Final = 32


class WebhookSecretInvalid(SettingsInvalid):
    """The secret of a webhook cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTarget:
    """A webhook, and where its secret lies."""

    webhook: Webhook
    secret_path: Path

    @property
    def name(self) -> str:
        """Its name."""
        return self.webhook.name

    @property
    def units(self) -> tuple[str, ...] | None:
        """Of which units, and those below them, it is told; None: of all."""
        return self.webhook.units

    def check(self) -> None:
        """Return if it can be told. Raises SettingsInvalid."""
        self.signer()

    def signer(self) -> Signer:
        """What signs for it; read anew each time, for the secret may be changed meanwhile. Raises WebhookSecretInvalid."""
        name = self.webhook.name
        try:
            with self.secret_path.open(encoding="ascii") as file:
                found = file.read(_SECRET_LENGTH_MAX).strip()
            secret = base64.b64decode(found.removeprefix(SECRET_PREFIX), validate=True)
        except OSError as error:
            raise WebhookSecretInvalid(
                f"webhook {name}: {self.secret_path} cannot be read: {error.strerror}; `tiendo webhooks new-secret` makes one"
            ) from None
        except ValueError:
            secret = b""
        if len(secret) < SECRET_BYTES_MIN:
            raise WebhookSecretInvalid(
                f"webhook {name}: {self.secret_path} is to hold `{SECRET_PREFIX}` and base64 of {SECRET_BYTES_MIN} bytes or more, in one line"
            )
        return Signer(secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTarget:
    """An address of mail, the server that takes mails to it, and the address of the pages that they lead to."""

    mailed: MailedAddress
    server: MailServer
    public_url: str | None

    @property
    def name(self) -> str:
        """Its name."""
        return self.mailed.name

    @property
    def units(self) -> tuple[str, ...] | None:
        """Of which units, and those below them, it is told; None: of all."""
        return self.mailed.units

    def check(self) -> None:
        """Return if it can be told. Raises SettingsInvalid."""
        self.server.password()


NotifiedTarget = WebhookTarget | MailTarget


def new_secret() -> str:
    """A secret by chance, as the file of one holds it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_NEW_SECRET_BYTES)).decode()


def load_targets(settings: Settings) -> tuple[NotifiedTarget, ...]:
    """Who is listed in the file of the settings; nobody where there is no file. Raises SettingsInvalid."""
    path = settings.webhooks
    if path is None:
        return ()
    try:
        listed = webhooks_of(toml_tables(toml_text(path)))
    except OSError as error:
        raise SettingsInvalid(f"TIENDO_WEBHOOKS: {path} cannot be read: {error.strerror}") from None
    except (WebhooksInvalid, TomlInvalid, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"TIENDO_WEBHOOKS: {path}: {error}") from None
    return tuple(_target(one, path.parent, settings) for one in listed)


def _target(listed: Webhook | MailedAddress, folder: Path, settings: Settings) -> NotifiedTarget:
    if isinstance(listed, Webhook):
        return WebhookTarget(webhook=listed, secret_path=folder / Path(listed.secret_file).expanduser())
    server = MailServer.of(settings)
    if server is None:
        raise SettingsInvalid(f"TIENDO_MAIL_HOST: is missing; the mail {listed.name} needs a server")
    return MailTarget(mailed=listed, server=server, public_url=settings.public_url)
