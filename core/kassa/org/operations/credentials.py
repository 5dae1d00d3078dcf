"""Credentials of workers: set a PIN or password, take it away, see what there is, unlock a worker or a till."""

from __future__ import annotations

from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.engine import Engine
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.operations import Result
from kassa.kernel.plan import Row
from kassa.org import facts
from kassa.org.access import grants_of, powers_of, scope_of
from kassa.org.credentials import Proof, hashed, unfit
from kassa.org.documents import Worker
from kassa.org.editing import refusal
from kassa.org.messages import signing_in as messages
from kassa.org.models import CredentialRow, SessionRow, TriesRow
from kassa.org.operations.api_keys import find_api_key

MANAGE, SEE = "org.manage_credentials", "org.read_workers"
LEAST = {"pin": "sign_in.pin_digits", "password": "sign_in.password_length"}
_PRESENT = "SELECT version FROM org_credential WHERE worker_id = ? AND kind = ?"
_ALL = "SELECT kind, temporary, set_at, set_by FROM org_credential WHERE worker_id = ? AND hash IS NOT NULL ORDER BY kind"
_TRIES = "SELECT failures, locked_until FROM org_tries WHERE kind = ? AND subject = ?"
_OPEN = "SELECT id FROM org_session WHERE worker_id = ? AND ended_at IS NULL AND expires_at > ?"


def set_credential(command: messages.SetCredential, context: Context) -> Result:
    """Plan a new PIN or password of a worker; all sessions of the worker end, and wrong tries are forgotten."""
    worker = _manageable(context, command.worker)
    _check_choice(context, worker, command.kind, command.secret, "/secret")
    _put(context, worker.id, command.kind, context.prepared, temporary=command.temporary)
    _end_sessions(context, worker.id, "org.set_credential")
    _unlock(context, "worker", worker.number, "org.set_credential")
    view = _view(context, worker, instead=(command.kind, command.temporary))
    return Result(view=lambda numbers: view, document_id=worker.id)


def hash_secret(command: messages.SetCredential, engine: Engine, request: Any) -> str:
    """The hash of what is set, made before anything is planned, for it takes its time."""
    return hashed(command.secret)


def _check_choice(context: Context, worker: Worker, kind: str, secret: str, pointer: str) -> None:
    why = unfit(kind, secret, context.setting(LEAST[kind]), (worker.number, worker.name))
    if why is not None:
        raise Refused((Issue(code="SIGN_IN_UNFIT", message=why, pointer=pointer),))


def _put(context: Context, worker_id: str, kind: str, kept: str | None, *, temporary: bool) -> None:
    values = {"hash": kept, "temporary": temporary, "set_at": context.now, "set_by": context.actor.id}
    version = context.read.value(_PRESENT, (worker_id, kind))
    key = {"worker_id": worker_id, "kind": kind}
    row = Row(CredentialRow, values, key=key, version=version) if version else Row(CredentialRow, {**key, **values, "version": 1})
    context.plan.add([row], rule="org.set_credential")


def replace_credential(context: Context, proof: Proof, before: str | None, secret: str) -> None:
    """Plan that a worker who just proved who they are has another PIN or password from now on, which nobody else knows.

    Refused for one that may not be chosen, the same as before, or in place of a token of an external issuer.
    """
    worker = facts.worker(context, str(proof.worker_id))
    if proof.method == "issuer" or secret == before:
        message = "Send a PIN or password that differs from the one before, in place of a PIN or password."
        raise Refused((Issue(code="SIGN_IN_UNFIT", message=message, pointer="/replacement"),))
    _check_choice(context, worker, proof.method, secret, "/replacement")
    _put(context, worker.id, proof.method, context.prepared, temporary=False)


def remove_credential(command: messages.RemoveCredential, context: Context) -> Result:
    """Plan that a PIN or password counts no more; all sessions of the worker end."""
    worker = _manageable(context, command.worker)
    if context.read.value(_PRESENT, (worker.id, command.kind)) is not None:
        _put(context, worker.id, command.kind, None, temporary=False)
        _end_sessions(context, worker.id, "org.remove_credential")
    view = _view(context, worker, without=command.kind)
    return Result(view=lambda numbers: view, document_id=worker.id)


def read_credentials(request: messages.ReadCredentials, context: Context) -> messages.CredentialsView:
    """Show by what a worker can sign in, and whether it is locked."""
    return _view(context, facts.worker(context, request.worker))


def unlock_worker(command: messages.UnlockWorker, context: Context) -> Result:
    """Plan that tries of a worker are looked at again."""
    worker = _manageable(context, command.worker)
    failures = _unlock(context, "worker", worker.number, "org.unlock_worker")
    view = messages.UnlockedView(id=worker.id, failures=failures)
    return Result(view=lambda numbers: view, document_id=worker.id)


def unlock_api_key(command: messages.UnlockApiKey, context: Context) -> Result:
    """Plan that tries at a till or in an app are looked at again."""
    key = find_api_key(context, command.api_key)
    failures = _unlock(context, "key", key.id, "org.unlock_api_key")
    view = messages.UnlockedView(id=key.id, failures=failures)
    return Result(view=lambda numbers: view, document_id=key.id)


def _manageable(context: Context, reference: str) -> Worker:
    """A worker whose credentials the actor may make: one who holds no more than the actor, in places of the actor.

    Whoever sets a PIN could sign in with it, so nobody sets that of somebody with more power.
    """
    worker = facts.worker(context, reference)
    own = scope_of(context.actor)
    for role, place in grants_of(context.read, worker.id):
        if not own.covers(place) or not powers_of(context.registry, (role,)).within(context.actor):
            message = f"{worker.name} holds more than you do, or in other places. Let somebody do this who holds as much."
            raise Refused((refusal("ORG_BEYOND_OWN_RIGHTS", message, "/worker", worker.number),))
    return worker


def _unlock(context: Context, kind: str, subject: str, rule: str) -> int:
    row = context.read.row(_TRIES, (kind, subject))
    if row is None or row == (0, 0):
        return 0
    context.plan.add([Row(TriesRow, {"failures": 0, "locked_until": 0}, key={"kind": kind, "subject": subject})], rule=rule)
    return int(row[0])


def _end_sessions(context: Context, worker_id: str, rule: str) -> None:
    for (session_id,) in context.read.rows(_OPEN, (worker_id, context.now)):
        end_session(context, session_id, rule)


def end_session(context: Context, session_id: str, rule: str) -> None:
    """Plan that a session ends now."""
    context.plan.add([Row(SessionRow, {"ended_at": context.now, "ended_by": context.actor.id}, key={"id": session_id})], rule=rule)


def _view(
    context: Context, worker: Worker, *, instead: tuple[str, bool] | None = None, without: str | None = None
) -> messages.CredentialsView:
    """What there is of a worker, as a plan leaves it."""
    present = context.read.rows(_ALL, (worker.id,))
    views = {row[0]: messages.CredentialView(kind=row[0], temporary=bool(row[1]), set_at=row[2], set_by=row[3]) for row in present}
    failures, locked_until = context.read.row(_TRIES, ("worker", worker.number)) or (0, 0)
    if instead is not None:
        kind: Any = instead[0]
        views[kind] = messages.CredentialView(kind=kind, temporary=instead[1], set_at=context.now, set_by=context.actor.id)
        failures = locked_until = 0
    if without is not None:
        views.pop(without, None)
    return messages.CredentialsView(
        worker_id=worker.id,
        number=worker.number,
        credentials=tuple(views[kind] for kind in sorted(views)),
        failures=failures,
        locked_until=locked_until if locked_until > context.now else None,
    )


def _operation(name: str, summary: str, handler: Any, request: type[Any], http: Http, **more: Any) -> Operation:
    given = {"effect": "edit", "response": messages.CredentialsView, "permission": MANAGE, "scope": "none", **more}
    return Operation(name=f"org.{name}", summary=summary, handler=handler, request=request, http=http, **given)


OPERATIONS = (
    _operation(
        "set_credential",
        "Set the PIN or password of a worker",
        set_credential,
        messages.SetCredential,
        Http(method="PUT", path="/workers/{worker}/credentials/{kind}"),
        description="A temporary one has to be replaced by the worker at the next sign-in, so nobody else knows it then. All sessions of the "
        "worker end. Nobody sets that of a worker who holds more than they do, or in other places.",
        prepare=hash_secret,
        example={"worker": "1042", "kind": "pin", "secret": "582047"},
    ),
    _operation(
        "remove_credential",
        "Take the PIN or password of a worker away, at once",
        remove_credential,
        messages.RemoveCredential,
        Http(method="POST", path="/workers/{worker}/credentials/{kind}/removal"),
        example={"worker": "1042", "kind": "pin"},
    ),
    _operation(
        "read_credentials",
        "Tell by what a worker can sign in, and whether it is locked",
        read_credentials,
        messages.ReadCredentials,
        Http(method="GET", path="/workers/{worker}/credentials"),
        effect="read",
        permission=SEE,
    ),
    _operation(
        "unlock_worker",
        "Let tries of a worker be looked at again",
        unlock_worker,
        messages.UnlockWorker,
        Http(method="POST", path="/workers/{worker}/unlocking"),
        response=messages.UnlockedView,
    ),
    _operation(
        "unlock_api_key",
        "Let tries at a till or in an app be looked at again",
        unlock_api_key,
        messages.UnlockApiKey,
        Http(method="POST", path="/api-keys/{api_key}/unlocking"),
        response=messages.UnlockedView,
    ),
)
