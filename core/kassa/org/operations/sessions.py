"""Sessions: a worker signs in at a till or in an app, goes on working, signs out; who is signed in."""

from __future__ import annotations

import json
from typing import Any

import attrs

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.engine import Engine
from kassa.kernel.errors import Conflict, NotFound, Refused
from kassa.kernel.operations import Result, page, page_of, read_cursor
from kassa.kernel.permissions import Actor
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.access import Scope, Session, actor_of_worker, scope_of
from kassa.org.access.sessions import SELECT, find_session, session_of
from kassa.org.access.tokens import PORT, SigningKey, sign
from kassa.org.credentials import confirmed, hashed, prove
from kassa.org.editing import refusal
from kassa.org.messages import signing_in as messages
from kassa.org.models import SessionRow, SigningKeyRow
from kassa.org.operations.credentials import end_session, replace_credential

SIGN_IN, SEE = "org.sign_in", "org.read_workers"
CURRENT = "current"
HOUR = 3600 * MICROSECONDS_PER_SECOND
SHOWN = (
    "id", "worker_id", "key_id", "method", "store_id", "register", "opened_at", "expires_at", "ends_at", "ended_at", "ended_by",
)  # fmt: skip
_SIGNING = "SELECT revoked_at FROM org_signing_key WHERE kid = ?"
_WORKER = "SELECT number, name, active FROM org_worker WHERE id = ?"


def sign_in(command: messages.SignIn, context: Context) -> Result:
    """Plan the session of a worker who proved who they are, where the caller's key stands or acts."""
    proof = confirmed(context, command.replacement)
    key_id = context.actor.key_id
    if key_id is None:
        raise Refused((refusal("SIGN_IN_NO_KEY", "Workers sign in through the key of a till or an app. Send its key as token.", ""),))
    scope = _scope(context)
    worker = actor_of_worker(context.read, context.registry, str(proof.worker_id), proof.name, scope, roles=proof.roles)
    if not worker.roles:
        raise Refused((refusal("SIGN_IN_NO_ROLE", f"{proof.name} holds no role here. Let somebody grant one.", "/worker", proof.number),))
    if command.replacement is not None:
        before = command.pin if command.pin is not None else command.password
        replace_credential(context, proof, before, command.replacement)
    ends_at = context.now + context.setting("sessions.hours") * HOUR
    session = Session(
        id=new_id(), worker_id=worker.id, key_id=key_id, method=proof.method, roles=proof.roles, scope=scope, register=context.actor.register,
        store_id=context.actor.store_id, opened_at=context.now, expires_at=_expiry(context, ends_at), ends_at=ends_at,
    )  # fmt: skip
    values = {name: getattr(session, name) for name in SHOWN} | {
        "roles": json.dumps(session.roles),
        "legal_entity_ids": _json(scope.legal_entities),
        "store_ids": _json(scope.stores),
    }
    context.plan.add([Row(SessionRow, values)], rule="org.sign_in")
    return _signed_in(context, session, proof.number, worker)


def hash_replacement(command: messages.SignIn, engine: Engine, request: Any) -> str | None:
    """The hash of a new PIN or password, made before anything is planned, for it takes its time."""
    return hashed(command.replacement) if command.replacement is not None else None


def _scope(context: Context) -> Scope:
    """Where the session counts: in the legal entity and the store that the request names or the key stands in, else where the key does."""
    held, actor = scope_of(context.actor), context.actor
    return Scope(
        legal_entities=held.legal_entities if context.legal_entity_id is None else frozenset((context.legal_entity_id,)),
        stores=held.stores if actor.store_id is None else frozenset((actor.store_id,)),
    )


def _json(ids: frozenset[str] | None) -> str | None:
    return None if ids is None else json.dumps(sorted(ids))


def _expiry(context: Context, ends_at: int) -> int:
    """When a token ends that is made now, in whole seconds, as tokens have them."""
    until = min(context.now + context.setting("sessions.token_seconds") * MICROSECONDS_PER_SECOND, ends_at)
    return int(until // MICROSECONDS_PER_SECOND * MICROSECONDS_PER_SECOND)


def _signed_in(context: Context, session: Session, number: str, worker: Actor) -> Result:
    key = _signing_key(context)
    token = sign(key, worker_id=session.worker_id, session_id=session.id, issued_at=context.now, expires_at=session.expires_at)
    view = messages.SignedInView(
        id=session.id,
        token=None if context.preview else token,
        expires_at=session.expires_at,
        worker_number=number,
        worker_name=worker.name,
        roles=tuple(sorted(worker.roles)),
        permissions=tuple(sorted(worker.permissions)),
        session=_view(session),
    )
    return Result(view=lambda numbers: view, document_id=session.id)


def _signing_key(context: Context) -> SigningKey:
    """The key of this process, whose public half joins the plan where the database does not have it yet."""
    keys = context.service(PORT)
    key: SigningKey = keys.current(context.now)
    row = context.read.row(_SIGNING, (key.kid,))
    if row is not None and row[0] is not None:
        keys.forget(key.kid)
        key, row = keys.current(context.now), None
    if row is None:
        values = {name: getattr(key, name) for name in ("kid", "public", "created_at", "signs_until", "valid_until")}
        context.plan.add([Row(SigningKeyRow, values)], rule="org.sign_in")
    return key


def renew_session(command: messages.RenewSession, context: Context) -> Result:
    """Plan that the worker of a session goes on, with a new token; only the key through which it was opened renews it."""
    session = _find(context, command.session)
    if context.actor.session_id is not None or session.key_id != context.actor.key_id:
        raise NotFound("session", command.session[:60])
    number, name, active = context.read.row(_WORKER, (session.worker_id,)) or ("", "", False)
    expires_at = _expiry(context, session.ends_at)
    if session.ended_at is not None or session.expires_at <= context.now or expires_at <= context.now or not active:
        raise Conflict("The session has ended. Let the worker sign in again.", code="SESSION_ENDED")
    worker = actor_of_worker(context.read, context.registry, session.worker_id, name, session.scope, roles=session.roles)
    key = {"id": session.id, "expires_at": session.expires_at}
    context.plan.add([Row(SessionRow, {"expires_at": expires_at}, key=key)], rule="org.renew_session")
    return _signed_in(context, attrs.evolve(session, expires_at=expires_at), number, worker)


def sign_out(command: messages.SignOut, context: Context) -> Result:
    """Plan the end of a session; one that has ended stays as it is."""
    session = _find(context, command.session)
    if session.ended_at is None:
        session = attrs.evolve(session, ended_at=context.now, ended_by=context.actor.id)
        end_session(context, session.id, "org.sign_out")
    view = _view(session)
    return Result(view=lambda numbers: view, document_id=session.id)


def read_session(request: messages.ReadSession, context: Context) -> messages.SessionView:
    """Show a session; `current` is the caller's own."""
    return _view(_find(context, request.session))


def _find(context: Context, reference: str) -> Session:
    """A session that is the caller's own, was opened through the caller's key, or lies where the caller may see workers."""
    actor = context.actor
    found = find_session(context.read, str(actor.session_id) if reference == CURRENT else reference)
    if found is not None:
        own = found.id == actor.session_id or (actor.session_id is None and found.key_id == actor.key_id)
        if own or (actor.may(SEE) and scope_of(actor).covers(found.scope)):
            return found
    raise NotFound("session", reference[:60])


def list_sessions(request: messages.ListSessions, context: Context) -> Any:
    """Show a page of the sessions in the caller's places, the newest first."""
    cursor = read_cursor(request.after, 1, identifiers=(0,))
    conditions, parameters = _visible(context.actor)
    if request.worker is not None:
        conditions.append("worker_id = ?")
        parameters.append(facts.worker(context, request.worker).id)
    if not request.ended:
        conditions.append("ended_at IS NULL AND expires_at > ?")
        parameters.append(context.now)
    if cursor is not None:
        conditions.append("id < ?")
        parameters.append(cursor[0])
    rows = context.read.rows(f"{SELECT} WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT ?", (*parameters, request.limit + 1))
    views = [_view(session_of(row)) for row in rows]
    return page(request, messages.SessionView, views, lambda view: (view.id,))


def _visible(actor: Actor) -> tuple[list[str], list[Any]]:
    """The condition of sessions in an actor's places; those of no store in particular are seen by who may act everywhere."""
    conditions, parameters = ["1 = 1"], []
    for places, condition in (
        (actor.stores, "store_id IN ({})"),
        (actor.legal_entities, "store_id IN (SELECT id FROM org_store WHERE legal_entity_id IN ({}))"),
    ):
        if places is not None:
            conditions.append(condition.format(", ".join("?" * len(places)) or "NULL"))
            parameters += sorted(places)
    return conditions, parameters


def _view(session: Session) -> messages.SessionView:
    entities, stores = session.scope.legal_entities, session.scope.stores
    return messages.SessionView(
        legal_entity_ids=None if entities is None else tuple(sorted(entities)),
        store_ids=None if stores is None else tuple(sorted(stores)),
        **{name: getattr(session, name) for name in SHOWN},
    )


OPERATIONS = (
    Operation(
        name="org.sign_in",
        summary="Sign a worker in at the till or app whose key is sent",
        description=(
            "The answer holds a token for the worker, who acts with it where the key stands, or in the legal entity and store that the "
            "headers name. It counts for a quarter of an hour and is renewed by the same key. After some wrong tries none is looked at for a "
            "while, of that worker, at that till, or at all. What a worker may do follows the roles as they are at each request."
        ),
        effect="edit",
        http=Http(method="POST", path="/sessions", status=201, location="/sessions/{id}"),
        request=messages.SignIn,
        response=messages.SignedInView,
        permission=SIGN_IN,
        handler=sign_in,
        scope="none",
        verify=prove,
        prepare=hash_replacement,
        confidential=True,
        example={"worker": "1042", "pin": "582047"},
    ),
    Operation(
        name="org.renew_session",
        summary="Let a worker who is at work go on, with a new token",
        description="By the key through which the session was opened, before its token ends. The token before stays good until it ends.",
        effect="edit",
        http=Http(method="POST", path="/sessions/{session}/renewal"),
        request=messages.RenewSession,
        response=messages.SignedInView,
        permission=SIGN_IN,
        handler=renew_session,
        scope="none",
        confidential=True,
    ),
    Operation(
        name="org.sign_out",
        summary="End a session, at once",
        description="One's own, one that was opened through one's key, or one of a worker whom one may see, in one's places.",
        effect="edit",
        http=Http(method="POST", path="/sessions/{session}/end"),
        request=messages.SignOut,
        response=messages.SessionView,
        permission=None,
        handler=sign_out,
        scope="none",
    ),
    Operation(
        name="org.read_session",
        summary="Read a session; `current` is one's own",
        effect="read",
        http=Http(method="GET", path="/sessions/{session}"),
        request=messages.ReadSession,
        response=messages.SessionView,
        permission=None,
        handler=read_session,
        scope="none",
    ),
    Operation(
        name="org.list_sessions",
        summary="List who is signed in",
        effect="read",
        http=Http(method="GET", path="/sessions"),
        request=messages.ListSessions,
        response=page_of(messages.SessionView),
        permission=SEE,
        handler=list_sessions,
        scope="none",
        collection=True,
    ),
)
