"""What others ask about workers: who belongs to the installation, but is there only for those in whose places they work."""

from __future__ import annotations

from kassa.kernel.context import Context
from kassa.kernel.database import Reader
from kassa.kernel.errors import NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.permissions import Actor
from kassa.org import store as rows
from kassa.org.access import scope_of
from kassa.org.documents import Worker

# Where a worker holds no role any more, the places of the roles that ended count, so that nobody else finds who has left.
_THERE = (
    "EXISTS (SELECT 1 FROM org_role_grant g WHERE g.worker_id = org_worker.id AND {} AND (g.revoked_at IS NULL OR NOT EXISTS "
    "(SELECT 1 FROM org_role_grant h WHERE h.worker_id = org_worker.id AND h.revoked_at IS NULL)))"
)


def worker(context: Context, reference: str) -> Worker:
    """The worker of a number or id; NotFound where there is none that the actor can see."""
    found: Worker = context.cached("org", "worker", reference, _load_worker)
    if context.actor.everywhere:
        return found
    condition, parameters = seen_workers(context.actor)
    if not context.read.row(f"SELECT 1 FROM org_worker WHERE id = ? AND ({condition})", (found.id, *parameters)):
        raise NotFound("worker", reference)
    return found


def _load_worker(read: Reader, reference: str) -> Worker:
    row = read.row(rows.FIND_WORKER, (reference, id_or_none(reference)))
    if row is None:
        raise NotFound("worker", reference)
    return rows.worker(row)


def seen_workers(actor: Actor) -> tuple[str, tuple[str, ...]]:
    """The condition of `org_worker`, with its parameters, of workers whom an actor can see: who holds a role in one of the actor's places.

    Who never held one is there for those alone who may act everywhere. Else somebody of another legal entity could give that worker a
    role or a PIN, and would know the PIN still when the right ones give theirs.
    """
    if actor.everywhere:
        return "1 = 1", ()
    meeting, parameters = scope_of(actor).meeting("g")
    return _THERE.format(meeting), tuple(parameters)
