"""Requests and views of signing in: sessions, credentials of workers, and the keys that sign tokens."""

from __future__ import annotations

from typing import Annotated, Literal

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Confidential, Identifier, Instant, Length, LongText, Secret, Text
from kassa.org.editing import about
from kassa.org.messages.people import ReadApiKey, ReadWorker
from kassa.org.messages.scalars import PlainCode, Reference

CredentialKind = Literal["pin", "password"]
IdentityToken = Annotated[str, Length(1, 8192), Confidential()]


@attrs.frozen(kw_only=True)
class SignIn:
    """Who signs in, and what proves it: a PIN, a password, or a token of the external issuer."""

    worker: PlainCode | None = attrs.field(default=None, metadata=about("The worker's number; the issuer's token names it itself.", "1042"))
    pin: Secret | None = attrs.field(default=None, metadata=about("The worker's PIN."))
    password: Secret | None = attrs.field(default=None, metadata=about("The worker's password."))
    identity_token: IdentityToken | None = attrs.field(
        default=None, metadata=about("A token of the external issuer, where one is configured.")
    )
    replacement: Secret | None = attrs.field(
        default=None, metadata=about("A new PIN or password in place of the one given; needed where somebody else made that.")
    )


@attrs.frozen(kw_only=True)
class ReadSession:
    """Names a session."""

    session: Text = attrs.field(metadata=about("The id of the session, or `current` for the one of the caller.", "current"))


@attrs.frozen(kw_only=True)
class RenewSession(ReadSession):
    """Names a session whose worker is still at work."""


@attrs.frozen(kw_only=True)
class SignOut(ReadSession):
    """Names a session that shall end at once."""


@attrs.frozen(kw_only=True)
class ListSessions(PageRequest):
    """Asks for sessions."""

    worker: Reference | None = attrs.field(default=None, metadata=about("Only those of this worker, by number or id.", "1042"))
    ended: bool = attrs.field(default=False, metadata=about("Whether to show also those that ended."))


@attrs.frozen(kw_only=True)
class SessionView:
    """A worker who signed in: through which key, where, and until when.

    `expires_at` is when the newest token ends, `ends_at` when it cannot be renewed any more.
    """

    id: Identifier
    worker_id: Identifier
    key_id: Identifier
    method: Literal["pin", "password", "issuer"]
    legal_entity_ids: tuple[Identifier, ...] | None
    store_ids: tuple[Identifier, ...] | None
    store_id: Identifier | None
    register: str | None
    opened_at: Instant
    expires_at: Instant
    ends_at: Instant
    ended_at: Instant | None
    ended_by: str | None


@attrs.frozen(kw_only=True)
class SignedInView:
    """A session with its new token, which is shown here alone (null in a preview), and what the worker may do with it."""

    id: Identifier
    token: str | None
    expires_at: Instant
    worker_number: str
    worker_name: str
    roles: tuple[str, ...]
    permissions: tuple[str, ...] = attrs.field(
        metadata=about("All that the roles allow; empty for an administrator, who may do everything.")
    )
    session: SessionView


@attrs.frozen(kw_only=True)
class SetCredential(ReadWorker):
    """A PIN or password for a worker."""

    kind: CredentialKind = attrs.field(metadata=about("What it is.", "pin"))
    secret: Secret = attrs.field(metadata=about("The PIN or password.", "582047"))
    temporary: bool = attrs.field(
        default=True, metadata=about("Whether the worker has to replace it at the next sign-in, so that nobody else knows it.")
    )


@attrs.frozen(kw_only=True)
class RemoveCredential(ReadWorker):
    """Names a PIN or password that shall not count any more."""

    kind: CredentialKind = attrs.field(metadata=about("What it is.", "pin"))


@attrs.frozen(kw_only=True)
class ReadCredentials(ReadWorker):
    """Names the worker whose credentials are asked about."""


@attrs.frozen(kw_only=True)
class UnlockWorker(ReadWorker):
    """Names a worker of whom there were too many wrong tries."""


@attrs.frozen(kw_only=True)
class CredentialView:
    """What is known of a PIN or password, which is kept as a hash alone."""

    kind: CredentialKind
    temporary: bool
    set_at: Instant
    set_by: str


@attrs.frozen(kw_only=True)
class CredentialsView:
    """By what a worker can sign in, how many wrong tries there were since the last right one, and until when none is looked at."""

    worker_id: Identifier
    number: str
    credentials: tuple[CredentialView, ...]
    failures: int
    locked_until: Instant | None


@attrs.frozen(kw_only=True)
class UnlockApiKey(ReadApiKey):
    """Names a till or app at which there were too many wrong tries."""


@attrs.frozen(kw_only=True)
class UnlockedView:
    """Somebody or something that was locked, and is not any more; `failures` is how many wrong tries there were."""

    id: Identifier
    failures: int


@attrs.frozen(kw_only=True)
class Countersign:
    """An approval that is given at the till of the one who asked, by somebody who steps up to it."""

    token: Text = attrs.field(metadata={"examples": ["01a1f900-0000-7000-8000-000000000001"]})
    worker: PlainCode = attrs.field(metadata=about("The number of the worker who approves.", "1001"))
    pin: Secret | None = attrs.field(default=None, metadata=about("That worker's PIN."))
    password: Secret | None = attrs.field(default=None, metadata=about("That worker's password."))
    reason: LongText | None = attrs.field(default=None, metadata=about("Why; it stands beside the approval.", "Scratched"))


@attrs.frozen(kw_only=True)
class ListSigningKeys(PageRequest):
    """Asks for the keys by which tokens are verified."""


@attrs.frozen(kw_only=True)
class RevokeSigningKey:
    """Names a key whose tokens shall count no more."""

    kid: Identifier


@attrs.frozen(kw_only=True)
class SigningKeyView:
    """The public half of a key that signs or signed tokens: from when, until when, and until when its tokens can be good."""

    kid: Identifier
    public: str = attrs.field(metadata=about("As JSON web key."))
    created_at: Instant
    signs_until: Instant
    valid_until: Instant
    revoked_at: Instant | None
    revoked_by: str | None
