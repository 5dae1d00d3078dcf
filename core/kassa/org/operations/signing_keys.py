"""Signing keys: the public keys by which tokens are verified; revoke one whose private half may be known to others."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import NotFound
from kassa.kernel.operations import Result, page, page_of, read_cursor
from kassa.kernel.plan import Row
from kassa.org.messages import signing_in as messages
from kassa.org.models import SigningKeyRow

COLUMNS = ("kid", "public", "created_at", "signs_until", "valid_until", "revoked_at", "revoked_by")
SELECT = f"SELECT {', '.join(COLUMNS)} FROM org_signing_key"
MANAGE = "org.manage_signing_keys"


def list_signing_keys(request: messages.ListSigningKeys, context: Context) -> Any:
    """Show a page of the keys, the newest first."""
    cursor = read_cursor(request.after, 1, identifiers=(0,))
    where, parameters = (" WHERE kid < ?", [cursor[0]]) if cursor is not None else ("", [])
    rows = context.read.rows(f"{SELECT}{where} ORDER BY kid DESC LIMIT ?", [*parameters, request.limit + 1])
    views = [messages.SigningKeyView(**dict(zip(COLUMNS, row, strict=True))) for row in rows]
    return page(request, messages.SigningKeyView, views, lambda view: (view.kid,))


def revoke_signing_key(command: messages.RevokeSigningKey, context: Context) -> Result:
    """Plan that tokens of a key count no more, from the next request on; one that is revoked already stays as it is.

    A key signs for workers of all legal entities, so only who may act everywhere ends it.
    """
    context.actor.require_everywhere("A signing key counts")
    row = context.read.row(f"{SELECT} WHERE kid = ?", (command.kid,))
    if row is None:
        raise NotFound("signing key", command.kid)
    view = messages.SigningKeyView(**dict(zip(COLUMNS, row, strict=True)))
    if view.revoked_at is None:
        values: dict[str, Any] = {"revoked_at": context.now, "revoked_by": context.actor.id}
        view = attrs.evolve(view, **values)
        context.plan.add([Row(SigningKeyRow, values, key={"kid": view.kid})], rule="org.revoke_signing_key")
    return Result(view=lambda numbers: view, document_id=view.kid)


OPERATIONS = (
    Operation(
        name="org.list_signing_keys",
        summary="List the public keys by which tokens of workers are verified",
        effect="read",
        http=Http(method="GET", path="/signing-keys"),
        request=messages.ListSigningKeys,
        response=page_of(messages.SigningKeyView),
        permission=MANAGE,
        handler=list_signing_keys,
        scope="none",
        collection=True,
    ),
    Operation(
        name="org.revoke_signing_key",
        summary="Let the tokens of a signing key count no more, at once",
        description="Who signed in by it has to sign in again. The process whose key it was makes a new one.",
        effect="edit",
        http=Http(method="POST", path="/signing-keys/{kid}/revocation"),
        request=messages.RevokeSigningKey,
        response=messages.SigningKeyView,
        permission=MANAGE,
        handler=revoke_signing_key,
        scope="none",
    ),
)
