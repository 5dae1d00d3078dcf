"""Proving who somebody is: a worker's number with a PIN or password, or the token of an external issuer.

It happens before an operation is planned, for it takes a tenth of a second and counts tries. A PIN alone is nobody: it goes with a
worker's number, at a till or in an app that is known by its key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs

from kassa.kernel.errors import InvalidInput, Issue, Refused
from kassa.org.credentials import hashing, tries
from kassa.org.credentials.errors import SignInLocked, SignInRefused

if TYPE_CHECKING:
    from kassa.kernel.context import Context
    from kassa.kernel.engine import Engine
    from kassa.kernel.requests import Request

Method = Literal["pin", "password", "issuer"]
GIVEN = ("pin", "password", "identity_token")
_FIND = (
    "SELECT w.id, w.name, w.active, c.hash, c.temporary FROM org_worker w LEFT JOIN org_credential c ON c.worker_id = w.id AND c.kind = ? "
    "WHERE w.number = ?"
)
_BY_NUMBER = "SELECT id, name, active FROM org_worker WHERE number = ?"


@attrs.frozen(kw_only=True)
class Proof:
    """What became of a try: whose it was, or why it was refused. `roles` are those that an external issuer told."""

    method: Method
    worker_id: str | None = None
    number: str = ""
    name: str = ""
    roles: tuple[str, ...] = ()
    temporary: bool = False
    right: bool = False
    locked_for: int | None = None
    detail: str = ""


def prove(request: Request, engine: Engine) -> Proof:
    """Look at what a request holds: `worker` with `pin` or `password`, or an `identity_token`.

    A wrong one raises nothing yet: the refusal is part of the operation, so it stands in the audit trail. Raises InvalidInput where
    the request holds none or several.
    """
    command = request.command
    given = [name for name in GIVEN if getattr(command, name, None) is not None]
    if len(given) != 1 or (given != ["identity_token"] and command.worker is None):
        possible = [name for name in GIVEN if hasattr(command, name)]
        message = f"Expected one of {', '.join(possible)}, the first two with the worker's number. Send one of them."
        raise InvalidInput(issues=[Issue(code="INPUT_INVALID", message=message, pointer=f"/{given[-1]}" if len(given) > 1 else "/worker")])
    if given == ["identity_token"]:
        return _issued(request, engine)
    return _secret(request, engine, "pin" if given == ["pin"] else "password")


def _secret(request: Request, engine: Engine, kind: Literal["pin", "password"]) -> Proof:
    number, secret = request.command.worker, getattr(request.command, kind)
    with engine.database.snapshot() as read:
        context = engine.context(request, read, engine.revisions(read))
        limits = tries.permitted(context)
        worker_id, name, active, kept, temporary = read.row(_FIND, (kind, number)) or (None, "", False, None, False)
    key_id = request.actor.key_id or request.actor.id
    proof = Proof(method=kind, worker_id=worker_id, number=number, name=name, temporary=bool(temporary))
    locked = tries.count(engine.database, limits, number, key_id, request.now)
    if locked is not None:
        return attrs.evolve(proof, locked_for=locked)
    if not hashing.matches(kept if active else None, secret):
        return proof
    tries.take_back(engine.database, number, key_id)
    return attrs.evolve(proof, right=True)


def _issued(request: Request, engine: Engine) -> Proof:
    told = engine.services.provider("org.issuer").identify(request.command.identity_token, request.now)
    if isinstance(told, str):
        return Proof(method="issuer", detail=told)
    wanted = request.command.worker
    with engine.database.snapshot() as read:
        worker_id, name, active = read.row(_BY_NUMBER, (told.number,)) or (None, "", False)
    right = bool(active) and wanted in (None, told.number)
    detail = "" if right else "The issuer's token is good, but names no worker who is active here, or another than the request."
    return Proof(method="issuer", worker_id=worker_id, number=told.number, name=name, roles=told.roles, right=right, detail=detail)


def confirmed(context: Context, replacement: str | None = None) -> Proof:
    """The proof of a request where it is right; SignInLocked or SignInRefused where it is not.

    Refused where the PIN or password was given by somebody else and has to be replaced first.
    """
    proof: Any = context.verified
    if proof.locked_for is not None:
        raise SignInLocked(proof.locked_for, worker_id=proof.worker_id)
    if not proof.right:
        raise SignInRefused(proof.detail, worker_id=proof.worker_id)
    if proof.temporary and replacement is None:
        message = "Somebody else gave you this PIN or password. Sign in with it once and choose your own: send it as replacement."
        raise Refused((Issue(code="SIGN_IN_REPLACE", message=message, pointer="/replacement"),))
    found: Proof = proof
    return found
