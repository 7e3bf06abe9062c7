"""One attempt to tell a webhook, by Standard Webhooks: the CloudEvent as the log has it, signed with what only the two know."""

from datetime import UTC, datetime
from typing import Final

import httpx

from tiendo_event_store.deliveries.webhook_deliveries import AttemptOutcome
from tiendo_notifier.attempts import Attempt
from tiendo_runtime.retry_after import retry_after_seconds
from tiendo_runtime.webhook_targets import WebhookSecretInvalid, WebhookTarget

SECONDS: Final = 15.0
"""So long an answer may take."""

RETRY_AFTER_MAX_SECONDS: Final = 24 * 3600.0
MEDIA_TYPE: Final = "application/cloudevents+json; charset=utf-8"
_GONE: Final = 410
_SHOWN_MAX: Final = 200


async def attempt_webhook(client: httpx.AsyncClient, target: WebhookTarget, event_id: str, text: str) -> Attempt:
    """Send it once. Nothing is followed elsewhere, and an answer in the 200s alone counts."""
    try:
        headers = signed_headers(target, event_id, text)
        async with client.stream("POST", target.webhook.url, content=text.encode(), headers=headers) as answer:
            shown = await _beginning(answer)
    except WebhookSecretInvalid as error:
        return Attempt(outcome=AttemptOutcome(status=None, failure=str(error)))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Attempt(outcome=AttemptOutcome(status=None, failure=f"{type(error).__name__}: {error}".rstrip(": ")))
    if answer.is_success:
        return Attempt(outcome=AttemptOutcome(status=answer.status_code, failure=None))
    failure = f"answered {answer.status_code} {answer.reason_phrase}".rstrip() + (f": {shown}" if shown else "")
    outcome = AttemptOutcome(status=answer.status_code, failure=failure)
    return Attempt(
        outcome=outcome,
        final=answer.status_code == _GONE,
        retry_after=retry_after_seconds(answer.headers, most=RETRY_AFTER_MAX_SECONDS),
    )


def signed_headers(target: WebhookTarget, event_id: str, text: str) -> dict[str, str]:
    """The headers of Standard Webhooks. Raises WebhookSecretInvalid."""
    at = datetime.now(UTC).replace(microsecond=0)
    return {
        "content-type": MEDIA_TYPE,
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": target.signer().sign(event_id, at, text),
    }


async def _beginning(answer: httpx.Response) -> str:
    """The beginning of what was answered, in one line, for whoever looks for the reason."""
    async for part in answer.aiter_bytes(_SHOWN_MAX):
        return " ".join(part.decode(errors="replace").split())
    return ""
