"""Idempotency: the same key of the same principal has one effect and one answer."""

from __future__ import annotations

from typing import Any

from kassa.kernel.contributions import Operation
from kassa.kernel.database import Reader
from kassa.kernel.errors import IdempotencyConflict, IdempotencyInFlight
from kassa.kernel.flush import Answer, Once
from kassa.kernel.keys import numbers_of
from kassa.kernel.permissions import Actor
from kassa.kernel.schema import encode, json_fingerprint, unstructure

REMOVED = '{"answer_removed":true}'
"""Stands where an answer was that was kept for its time; the key leads to the document for ever."""
FIND = "SELECT fingerprint, operation, status, answer, document_id FROM kernel_idempotency WHERE principal = ? AND key = ?"


def once_for(operation: Operation, command: Any, actor: Actor, key: str, legal_entity_id: str | None) -> Once:
    """Bind a key to its principal and to what was asked: the operation, the legal entity and the validated command."""
    return Once(principal=actor.id, key=key, fingerprint=fingerprint_of(operation, command, legal_entity_id), operation=operation.name)


def fingerprint_of(operation: Operation, command: Any, legal_entity_id: str | None) -> str:
    """Hash what was asked: the operation, the legal entity and the validated command."""
    return json_fingerprint({"operation": operation.name, "entity": legal_entity_id, "command": unstructure(command)})


def find_answer(read: Reader, once: Once) -> Answer | None:
    """Find the answer that was given under a key.

    Raises IdempotencyConflict where the key was used for something else, IdempotencyInFlight where it has no answer yet.
    """
    found = read.row(FIND, (once.principal, once.key))
    if found is None:
        return None
    fingerprint, operation, status, text, document_id = found
    if operation != once.operation or fingerprint != once.fingerprint:
        raise IdempotencyConflict(
            f"The key was used for {operation} with other content. Use a new key for a new act; repeat the content exactly for a retry."
        )
    if text is None:
        raise IdempotencyInFlight()
    if text == REMOVED:
        number = numbers_of(read, [document_id]).get(document_id)
        text = encode({"answer_removed": True, "id": document_id, "number": number})
    return Answer(text, status, document_id)
