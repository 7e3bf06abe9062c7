"""Where people sign in, as commands print it."""

from tiendo_cli.supervision.folder import running_supervisor
from tiendo_runtime.authentication.sign_in_paths import LINK_PATH, PATH
from tiendo_runtime.settings import Settings


def sign_in_path(link: str | None) -> str:
    """The path of a link, or of the page where people sign in through their issuer."""
    return PATH if link is None else f"{LINK_PATH}{link}"


def shown_address(settings: Settings) -> str:
    """The address by which users reach the service: as it is set, else where the `tiendo up` of the data folder listens, or would."""
    running = running_supervisor(settings.data)
    found = None if running is None else running.address
    return (settings.public_url or found or f"http://{settings.host}:{settings.port}").rstrip("/")
