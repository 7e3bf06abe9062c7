"""What can go wrong between this service and an issuer.

OpenIdError
├── IssuerAway       the issuer does not answer, or not as one: a transient fault
├── GrantRefused     the issuer gives no tokens for a code or a session: it has ended, or never was
└── TokenRefused     a token that is not the issuer's, not for this service, expired, or of another kind
"""


class OpenIdError(Exception):
    """A fault between this service and the issuer; its text is for the journal."""


class IssuerAway(OpenIdError):  # noqa: N818 - as the house calls faults
    """The issuer does not answer, or answers nothing that an issuer would."""


class GrantRefused(OpenIdError):  # noqa: N818
    """The issuer gives no tokens for what it was shown."""


class TokenRefused(OpenIdError):  # noqa: N818
    """A token that counts for nothing here; the text says why."""
