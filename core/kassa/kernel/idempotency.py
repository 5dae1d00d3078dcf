"""Idempotency: the same key of the same principal has one effect and one answer.

The row of a key is inserted first in the flush of its act and commits with it, so of many who come at once one acts. An answer is
kept for 30 days. The key stays for ever: after that it leads to the document as it then stands.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from kassa.kernel.actions import LAST_PARAMETER
from kassa.kernel.clock import MICROSECONDS_PER_SECOND, instant_text
from kassa.kernel.contributions import DocumentKind, Operation
from kassa.kernel.database import Reader
from kassa.kernel.errors import Conflict, IdempotencyConflict, IdempotencyInFlight, NotFound
from kassa.kernel.flush import Answer, Once
from kassa.kernel.keys import id_or_none
from kassa.kernel.permissions import Actor
from kassa.kernel.requests import Outcome, Request
from kassa.kernel.schema import encode, json_fingerprint, unstructure
from kassa.kernel.schema.scalars import Scalar
from kassa.kernel.schema.shapes import fields_of

if TYPE_CHECKING:
    from kassa.kernel.context import Context

ANSWERS_KEPT_DAYS = 30
ANSWERS_KEPT = ANSWERS_KEPT_DAYS * 86_400 * MICROSECONDS_PER_SECOND
FIND = (
    "SELECT fingerprint, operation, actor, state, status, answer, document_id, created_at FROM kernel_idempotency "
    "WHERE principal = ? AND key = ?"
)
PLACE = "SELECT kind, legal_entity_id, store_id FROM kernel_document WHERE id = ?"


def takes_key(operation: Operation) -> bool:
    """Tell whether a key is kept of an operation: of every write, but for edits whose request holds a secret.

    A fingerprint leaves secrets out, so another PIN under the same key would pass for a retry. Such an edit is looked at anew each time.
    """
    return operation.effect == "post" or (operation.effect == "edit" and not _holds_secret(cast(Hashable, operation.request)))


@cache
def _holds_secret(request: Hashable) -> bool:
    fields = fields_of(cast(type, request))
    return any(isinstance(field.shape, Scalar) and bool(field.shape.openapi.get("writeOnly")) for field in fields)


def once_for(operation: Operation, command: Any, actor: Actor, key: str, legal_entity_id: str | None) -> Once:
    """Bind a key to its principal, to who acts and to what was asked: the operation, the legal entity and the validated command.

    A till repeats what it could not finish, perhaps after another worker has signed in; so the keys of a session are the till's.
    """
    principal = actor.key_id if actor.session_id is not None and actor.key_id is not None else actor.id
    asked = fingerprint_of(operation, command, legal_entity_id)
    return Once(principal=principal, key=key, fingerprint=asked, operation=operation.name, actor=actor.id)


def fingerprint_of(operation: Operation, command: Any, legal_entity_id: str | None) -> str:
    """Hash what was asked: the operation, the legal entity and the validated command, in which secrets are left out."""
    return json_fingerprint({"operation": operation.name, "entity": legal_entity_id, "command": unstructure(command)})


def find_answer(read: Reader, once: Once, now: int) -> Answer | None:
    """Find the answer that was given under a key; without text where it is confidential or older than it is kept.

    Raises IdempotencyConflict where the key was used for something else, Conflict where another worker used it at the same till,
    IdempotencyInFlight where it has no answer yet.
    """
    found = read.row(FIND, (once.principal, once.key))
    if found is None:
        return None
    fingerprint, operation, actor, state, status, text, document_id, at = found
    if operation != once.operation or fingerprint != once.fingerprint:
        raise IdempotencyConflict(
            f"The key was used for {operation} with other content. Use a new key for a new act; repeat the content exactly for a retry."
        )
    if actor != once.actor:
        raise Conflict(
            "Another worker did this already at this till under the same key. Look the document up instead of doing it again.",
            code="IDEMPOTENCY_OTHER_WORKER",
        )
    if state == "open":
        raise IdempotencyInFlight()
    return Answer(text if at + ANSWERS_KEPT > now else None, status, document_id, at=at)


def replay(request: Request, context: Context, given: Answer) -> Outcome:
    """Answer a request that was done before: the same text, or the document as it stands now where that is not kept.

    Raises NotFound where the document lies in a store where the caller may not act any more.
    """
    place = context.read.row(PLACE, (id_or_none(given.document_id or ""),))
    if place is not None and request.operation.scope == "acting_store":
        _require_place(request.actor, place[2])
    if given.text is not None:
        return Outcome(text=given.text, status=given.status, document_id=given.document_id, replayed=True)
    return Outcome(text=_as_it_stands(request, context, given, place), document_id=given.document_id, replayed=True, current=True)


def _require_place(actor: Actor, store_id: str | None) -> None:
    if store_id is not None and actor.stores is not None and store_id not in actor.stores:
        raise NotFound("document")


def _as_it_stands(request: Request, context: Context, given: Answer, place: Any) -> str:
    kind = context.registry.find(DocumentKind, place[0]) if place is not None else None
    shown = context.registry.find(Operation, kind.shown_by) if kind is not None and kind.shown_by is not None else None
    if shown is None or shown.http is None:
        told = {"operation": request.operation.name, "document_id": given.document_id, "done_at": instant_text(given.at)}
        return encode(told)
    (name,) = LAST_PARAMETER.findall(shown.http.path)
    return encode(unstructure(context.engine.show(context, shown, {name: given.document_id})))
