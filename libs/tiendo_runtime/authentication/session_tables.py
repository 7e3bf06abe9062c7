"""The tables of sessions and sign-in links, which Alembic owns. Only digests: what opens a session is in the browser alone."""

from sqlalchemy import Column, DateTime, Index, LargeBinary, Table, Text, func
from sqlalchemy.dialects.postgresql import ARRAY

from tiendo_runtime.authentication.tables import metadata

sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("key_id", Text),
    Column("issuer", Text),
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("units", ARRAY(Text)),
    Column("officer_id", Text),
    Column("issuer_session", Text),
    Column("sealed_tokens", Text),
    Column("began_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("used_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("renewed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("renewal_tried_at", DateTime(timezone=True)),
    Column("seal", Text, nullable=False),
    Index("sessions_by_subject", "subject"),
)
"""`digest` is that of what the cookie holds. Signed in with the key `key_id`, else `roles` and `units` (`*`: all) count.

`issuer_session` is the issuer's `sid`; `sealed_tokens` the issuer's tokens, which only the cookie opens.
`seal`: a row whose seal does not hold under the secret outside the database is no session.
"""

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("issuer", Text),
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("units", ARRAY(Text)),
    Column("officer_id", Text),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True)),
    Column("used_at", DateTime(timezone=True)),
    Column("seal", Text, nullable=False),
)
"""`expires_at` null: valid until used; `issuer` is always null, so that a link says who somebody is in the same columns as a session, under a seal."""

logout_tokens = Table(
    "logout_tokens",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("used_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""The `jti` of logout tokens that were taken, so that none is taken twice."""
