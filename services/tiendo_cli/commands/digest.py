"""`tiendo digest`: the morning's mail of due cases, shown or sent."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tiendo_cli.asked_periods import AsOfOption, instant_asked
from tiendo_cli.context import opened, run_command
from tiendo_cli.terminal import fail, say


def register(app: typer.Typer) -> None:
    """Add `tiendo digest`."""
    app.command("digest")(show_digests)


def show_digests(
    *,
    send: Annotated[
        bool,
        typer.Option("--send/--dry-run", help="Send them, none twice on a day; or print what would be sent."),
    ] = False,
    as_of: AsOfOption = None,
) -> None:
    """The digest of due cases for each recipient of TIENDO_DIGESTS; by itself `tiendo up` sends them each working morning."""
    stated = instant_asked(as_of, "--as-of")
    if send and stated is not None:
        raise typer.BadParameter("what is sent is of now", param_hint="--as-of")
    run_command(_send() if send else _print(datetime.now(UTC) if stated is None else stated.at))


async def _print(at: datetime) -> None:
    from tiendo_cli.digest_sending import load_recipients, made
    from tiendo_cli.projected import query_side
    from tiendo_query.early_warning.digest_mails import digest_mail

    async with opened() as context, query_side(context) as side:
        recipients = load_recipients(context.settings.digests)
        for digest in await made(side, recipients, at):
            mail = digest_mail(digest, context.settings.public_url)
            say(f"{mail.address} ({mail.about}): {'không có gì để báo' if not digest.sections else mail.subject}")
            if digest.sections:
                say(mail.text)


async def _send() -> int:
    """Send to all who have not had theirs today, whatever the time of day; status 1 where one was not sent."""
    from tiendo_cli.digest_sending import DigestSending, load_recipients
    from tiendo_cli.projected import query_side
    from tiendo_event_store.deliveries.mail_deliveries import MailState
    from tiendo_query.early_warning.digests import morning_of
    from tiendo_runtime.mail import MailServer

    async with opened() as context, query_side(context) as side:
        server = MailServer.of(context.settings)
        if server is None:
            fail("TIENDO_MAIL_HOST: is missing; nothing is sent (--dry-run shows what would be)")
        recipients = load_recipients(context.settings.digests)
        at = datetime.now(UTC)
        async with side.snapshot() as snapshot:
            days = [(one, morning_of(one, snapshot.rules, at)[1].date()) for one in recipients]
        sent = await DigestSending(context.engine, side, server, context.settings).send_to(days, at)
    for one in sent:
        failure = "" if one.failure is None else f": {one.failure}"
        say(f"{one.digest.recipient.address} ({one.digest.recipient.about}): {one.state}{failure}")
    say(f"{len(recipients) - len(sent)} had theirs today")
    return int(any(one.state in {MailState.FAILED, MailState.UNCERTAIN} for one in sent))
