"""API keys: create one, which shows it once; read and list what is known of them; revoke one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Issue, NotFound, Refused
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.access import Scope, new_token, scope_of, token_hash
from kassa.org.editing import listed, refusal
from kassa.org.messages import people as messages
from kassa.org.models import ApiKeyRow
from kassa.org.operations.role_grants import rights_issues

SELECT = (
    "SELECT id, name, worker_id, roles, legal_entity_ids, store_ids, store_id, register, created_at, created_by, expires_at, revoked_at, "
    "last_used_at "
    "FROM org_api_key"
)
STORES = "SELECT id, legal_entity_id FROM org_store WHERE number = ? OR id = ?"


@attrs.frozen(kw_only=True)
class Place:
    """Where a key may act, and where it stands."""

    scope: Scope
    store_id: str | None


def create_api_key(command: messages.CreateApiKey, context: Context) -> Result:
    """Plan a new key within the rights of who makes it; the key itself is in the answer and nowhere else."""
    worker = facts.worker(context, command.worker) if command.worker is not None else None
    place = _place(command, context)
    issues = [*_form_issues(command, context), *_place_issues(place)]
    held = tuple(dict.fromkeys((*command.roles, *(_roles_held(context, worker.id) if worker is not None else ()))))
    issues += rights_issues(context, held, place.scope, "/roles")
    if issues:
        raise Refused(issues)
    token = new_token()
    view = messages.ApiKeyView(
        id=new_id(),
        name=command.name,
        worker_id=worker.id if worker is not None else None,
        roles=tuple(dict.fromkeys(command.roles)),
        legal_entity_ids=_sorted(place.scope.legal_entities),
        store_ids=_sorted(place.scope.stores),
        store_id=place.store_id,
        register=command.register,
        created_at=context.now,
        created_by=context.actor.id,
        expires_at=command.expires_at,
        revoked_at=None,
        last_used_at=None,
    )
    values = attrs.asdict(view) | {
        "hash": token_hash(token),
        "roles": json.dumps(view.roles),
        "legal_entity_ids": _json(view.legal_entity_ids),
        "store_ids": _json(view.store_ids),
    }
    context.plan.add([Row(ApiKeyRow, values)], rule="org.create_api_key")
    shown = messages.NewApiKeyView(id=view.id, token=None if context.preview else token, api_key=view)
    return Result(view=lambda numbers: shown, document_id=view.id)


def _roles_held(context: Context, worker_id: str) -> list[str]:
    rows = context.read.rows("SELECT role FROM org_role_grant WHERE worker_id = ? AND revoked_at IS NULL", (worker_id,))
    return [row[0] for row in rows]


def _sorted(ids: frozenset[str] | None) -> tuple[str, ...] | None:
    return None if ids is None else tuple(sorted(ids))


def _json(ids: Sequence[str] | None) -> str | None:
    return None if ids is None else json.dumps(ids)


def _form_issues(command: messages.CreateApiKey, context: Context) -> list[Issue]:
    issues = []
    if not command.roles and command.worker is None:
        message = "A key without role and without worker could do nothing. Name at least one of them."
        issues.append(refusal("ORG_KEY_UNFIT", message, "/roles"))
    if command.register is not None and command.store is None:
        issues.append(refusal("ORG_KEY_UNFIT", "A till stands in a store. Name the store too.", "/store"))
    if command.expires_at is not None and command.expires_at <= context.now:
        issues.append(refusal("ORG_KEY_UNFIT", "The key would have expired already. Name a later instant, or none.", "/expires_at"))
    return issues


def _place(command: messages.CreateApiKey, context: Context) -> Place:
    """Where the key acts and stands; what is left out follows from what is given: the store where it stands, the stores' entities."""
    entities = None
    if command.legal_entities is not None:
        entities = frozenset(facts.legal_entity(context, reference).id for reference in command.legal_entities)
    stands = _find_store(context, command.store, entities, "/store") if command.store is not None else None
    if command.stores is not None:
        found = [_find_store(context, reference, entities, f"/stores/{place}") for place, reference in enumerate(command.stores)]
    else:
        found = [stands] if stands is not None else []
    stores = frozenset(store_id for store_id, _ in found) if found else None
    if entities is None and found:
        entities = frozenset(entity_id for _, entity_id in found)
    return Place(scope=Scope(legal_entities=entities, stores=stores), store_id=stands[0] if stands is not None else None)


def _find_store(context: Context, reference: str, entities: frozenset[str] | None, pointer: str) -> tuple[str, str]:
    """The store of a number or id and its legal entity, among those entities that the key and its maker may see."""
    own = context.actor.legal_entities
    rows = context.read.rows(STORES, (reference, id_or_none(reference)))
    found = [(row[0], row[1]) for row in rows if (own is None or row[1] in own) and (entities is None or row[1] in entities)]
    if not found:
        raise NotFound("store", reference)
    if len(found) > 1:
        message = f"Several legal entities have a store {reference}. Name the legal entity too, or give the id of the store."
        raise Refused((refusal("ORG_STORE_AMBIGUOUS", message, pointer, reference),))
    return found[0]


def _place_issues(place: Place) -> list[Issue]:
    if place.store_id is None or place.scope.stores is None or place.store_id in place.scope.stores:
        return []
    return [refusal("ORG_KEY_UNFIT", "The key would stand in a store in which it may not act. Add that store to its stores.", "/stores")]


def read_api_key(request: messages.ReadApiKey, context: Context) -> messages.ApiKeyView:
    """Show what is known of one key."""
    return find_api_key(context, request.api_key)


def find_api_key(context: Context, key_id: str) -> messages.ApiKeyView:
    """What is known of a key; NotFound for one that counts in places where the actor may not act."""
    row = context.read.row(f"{SELECT} WHERE id = ?", (key_id,))
    view = _view(row) if row is not None else None
    if view is None or not scope_of(context.actor).covers(_scope(view)):
        raise NotFound("API key", key_id)
    return view


def _scope(view: messages.ApiKeyView) -> Scope:
    entities, stores = view.legal_entity_ids, view.store_ids
    return Scope(legal_entities=None if entities is None else frozenset(entities), stores=None if stores is None else frozenset(stores))


def list_api_keys(request: messages.ListApiKeys, context: Context) -> Any:
    """Show a page of the keys, in the order in which they were made; only who may act everywhere sees them all."""
    if scope_of(context.actor) != Scope():
        message = "Keys are listed for all places at once. Let somebody do it who may act everywhere."
        raise Refused((refusal("ORG_BEYOND_OWN_RIGHTS", message, ""),))
    conditions = [] if request.revoked else [("coalesce(revoked_at, 0) = ?", 0)]
    return listed(context, request, SELECT, conditions, messages.ApiKeyView, _view)


def revoke_api_key(command: messages.RevokeApiKey, context: Context) -> Result:
    """Plan the end of a key; one that has ended already stays as it is."""
    view = find_api_key(context, command.api_key)
    if view.revoked_at is None:
        view = attrs.evolve(view, revoked_at=context.now)
        context.plan.add([Row(ApiKeyRow, {"revoked_at": context.now}, key={"id": view.id})], rule="org.revoke_api_key")
    return Result(view=lambda numbers: view, document_id=view.id)


def _view(row: DatabaseRow) -> messages.ApiKeyView:
    key_id, name, worker_id, roles, entities, stores, store_id, register, created_at, created_by, expires_at, revoked_at, used_at = row
    return messages.ApiKeyView(
        id=key_id,
        name=name,
        worker_id=worker_id,
        roles=tuple(json.loads(roles)),
        legal_entity_ids=None if entities is None else tuple(json.loads(entities)),
        store_ids=None if stores is None else tuple(json.loads(stores)),
        store_id=store_id,
        register=register,
        created_at=created_at,
        created_by=created_by,
        expires_at=expires_at,
        revoked_at=revoked_at,
        last_used_at=used_at,
    )


OPERATIONS = (
    Operation(
        name="org.create_api_key",
        announces="org.api_key_created",
        summary="Create an API key; the answer shows it once",
        description=(
            "The key holds its roles and those that its worker holds in all of its places. A key that stands in a store acts there "
            "alone unless more stores are named. Nobody can make a key beyond their own rights. Kassa keeps a hash of it and can "
            "never show it again."
        ),
        effect="edit",
        http=Http(method="POST", path="/api-keys", status=201, location="/api-keys/{id}"),
        request=messages.CreateApiKey,
        response=messages.NewApiKeyView,
        permission="org.manage_api_keys",
        handler=create_api_key,
        scope="none",
        confidential=True,
        example={"name": "Till 1", "roles": ["till"], "store": "S001", "register": "T1"},
    ),
    Operation(
        name="org.list_api_keys",
        summary="List API keys",
        effect="read",
        http=Http(method="GET", path="/api-keys"),
        request=messages.ListApiKeys,
        response=page_of(messages.ApiKeyView),
        permission="org.read_workers",
        handler=list_api_keys,
        scope="none",
        collection=True,
    ),
    Operation(
        name="org.read_api_key",
        summary="Read what is known of an API key",
        effect="read",
        http=Http(method="GET", path="/api-keys/{api_key}"),
        request=messages.ReadApiKey,
        response=messages.ApiKeyView,
        permission="org.read_workers",
        handler=read_api_key,
        scope="none",
    ),
    Operation(
        name="org.revoke_api_key",
        announces="org.api_key_revoked",
        summary="Revoke an API key, at once",
        effect="edit",
        http=Http(method="POST", path="/api-keys/{api_key}/revocation"),
        request=messages.RevokeApiKey,
        response=messages.ApiKeyView,
        permission="org.manage_api_keys",
        handler=revoke_api_key,
        scope="none",
    ),
)
