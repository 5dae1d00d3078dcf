"""The tables of what proves who somebody is: PINs and passwords as hashes, wrong tries, sessions, the public keys of tokens."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Flag, Id, Integer, Table, Text

_OF_WORKER = peewee.SQL("FOREIGN KEY (worker_id) REFERENCES org_worker (id)")


class CredentialRow(Table):
    """The PIN or the password of a worker, as argon2 hash; a `temporary` one was made by somebody else and has to be replaced.

    One that was taken away keeps its row without a hash.
    """

    worker_id = Id()
    kind = Text()
    hash = Text(null=True)
    temporary = Flag()
    set_at = Integer()
    set_by = Text()
    version = Integer()

    class Meta:
        table_name = "org_credential"
        primary_key = peewee.CompositeKey("worker_id", "kind")
        without_rowid = True
        constraints = [_OF_WORKER, peewee.Check("kind IN ('pin', 'password')"), peewee.Check("version > 0")]


class TriesRow(Table):
    """Wrong tries to prove who somebody is: of a worker's number, at a key (a till or an app), or `all` in the installation.

    Every try is counted in a transaction of its own before it is looked at, and taken back when it was right. `since` is when the
    window of a key or of all began.
    """

    kind = Text()
    subject = Text()
    failures = Integer()
    since = Integer()
    locked_until = Integer()

    class Meta:
        table_name = "org_tries"
        primary_key = peewee.CompositeKey("kind", "subject")
        without_rowid = True
        constraints = [peewee.Check("kind IN ('worker', 'key', 'all')"), peewee.Check("failures >= 0")]


class SessionRow(Table):
    """A worker who signed in through a key, and where; `roles` are those that an external issuer told.

    `roles`, `legal_entity_ids` and `store_ids` are JSON lists; a scope of NULL is no limit. Tokens are kept nowhere.
    """

    id = Id(primary_key=True)
    worker_id = Id()
    key_id = Id()
    method = Text()
    roles = Text()
    legal_entity_ids = Text(null=True)
    store_ids = Text(null=True)
    store_id = Id(null=True)
    register = Text(null=True)
    opened_at = Integer()
    expires_at = Integer()
    ends_at = Integer()
    ended_at = Integer(null=True)
    ended_by = Text(null=True)

    class Meta:
        table_name = "org_session"
        reference = "org.sessions"
        append_only = True
        mutable = ("expires_at", "ended_at", "ended_by")
        constraints = [
            _OF_WORKER,
            peewee.SQL("FOREIGN KEY (key_id) REFERENCES org_api_key (id)"),
            peewee.SQL("FOREIGN KEY (store_id) REFERENCES org_store (id)"),
            peewee.Check("method IN ('pin', 'password', 'issuer')"),
            peewee.Check("expires_at <= ends_at"),
            peewee.Check("(ended_at IS NULL) = (ended_by IS NULL)"),
        ]


SessionRow.add_index(SessionRow.index(SessionRow.worker_id, where=peewee.SQL("ended_at IS NULL"), name="org_session_open"))


class SigningKeyRow(Table):
    """The public half of a key that signs tokens, as JSON web key; its private half never leaves the process that made it."""

    kid = Id(primary_key=True)
    public = Text()
    created_at = Integer()
    signs_until = Integer()
    valid_until = Integer()
    revoked_at = Integer(null=True)
    revoked_by = Text(null=True)

    class Meta:
        table_name = "org_signing_key"
        reference = "org"
        append_only = True
        mutable = ("revoked_at", "revoked_by")
        constraints = [peewee.Check("(revoked_at IS NULL) = (revoked_by IS NULL)")]
