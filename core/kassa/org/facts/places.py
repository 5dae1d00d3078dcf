"""What others ask about legal entities, stores, warehouses and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.database import Reader
from kassa.kernel.errors import Issue, NotFound, Refused
from kassa.kernel.keys import id_or_none
from kassa.org import store as rows
from kassa.org.documents import LegalEntity, ReasonCode, Store, Warehouse


def legal_entity(context: Context, entity_id: str | None = None) -> LegalEntity:
    """The legal entity of an id or code; without one that of the request, else the only one that the actor can see.

    NotFound for one that does not exist or is outside the actor's scope; Refused where several could be meant.
    """
    entities = _entities(context)
    reference = entity_id if entity_id is not None else context.legal_entity_id
    if reference is None:
        return _only_entity(context, entities)
    found = entities.get(reference)
    if found is None:
        raise NotFound("legal entity", reference)
    context.actor.require_legal_entity(found.id, reference)
    return found


def legal_entity_by_code(context: Context, code: str) -> LegalEntity:
    """The legal entity of a code; NotFound where there is none in the actor's scope."""
    found = _entities(context).get(code)
    if found is None or found.code != code:
        raise NotFound("legal entity", code)
    context.actor.require_legal_entity(found.id, code)
    return found


def _entities(context: Context) -> Mapping[str, LegalEntity]:
    found: Mapping[str, LegalEntity] = context.cached("org", "legal_entities", None, _load_entities)
    return found


def _load_entities(read: Reader, key: Any) -> Mapping[str, LegalEntity]:
    entities = [rows.legal_entity(row) for row in read.rows(rows.SELECT_LEGAL_ENTITY)]
    return {entity.code: entity for entity in entities} | {entity.id: entity for entity in entities}


def _only_entity(context: Context, entities: Mapping[str, LegalEntity]) -> LegalEntity:
    scope = context.actor.legal_entities
    found = {entity.id: entity for entity in entities.values() if scope is None or entity.id in scope}
    if len(found) == 1:
        return next(iter(found.values()))
    if not found:
        raise NotFound("legal entity", detail="There is no legal entity yet that you can see. Create one first: POST /legal-entities.")
    codes = ", ".join(sorted(entity.code for entity in found.values()))
    raise Refused(
        (
            Issue(
                code="ORG_LEGAL_ENTITY_NEEDED",
                message="Several legal entities could be meant. Name one in the header Kassa-Legal-Entity.",
                pointer="/legal_entity",
                expected={"legal_entity": codes},
            ),
        )
    )


def only_legal_entity(context: Context) -> str | None:
    """The id of the legal entity that a request means without naming it: the only one that the actor can see; None for several."""
    entities = {entity.id for entity in _entities(context).values()}
    scope = context.actor.legal_entities
    found = entities if scope is None else entities & scope
    return next(iter(found)) if len(found) == 1 else None


def all_legal_entities(read: Reader) -> list[str]:
    """The ids of all legal entities, in the order in which they were made."""
    return [row[0] for row in read.rows("SELECT id FROM org_legal_entity ORDER BY id")]


def store(context: Context, reference: str) -> Store:
    """The store of a number or id within the legal entity of the request; NotFound where there is none.

    Any store of the entity can be read, whichever the actor's; where something is done, ask `acting_store`.
    """
    return store_of(context, legal_entity(context).id, reference)


def store_of(context: Context, entity_id: str, reference: str) -> Store:
    """The store of a number or id within a legal entity; NotFound where there is none."""
    found: Store = context.cached("org", "store", (entity_id, reference), _load_store)
    return found


def _load_store(read: Reader, key: tuple[str, str]) -> Store:
    entity_id, reference = key
    row = read.row(rows.FIND_STORE, (entity_id, reference, id_or_none(reference)))
    if row is None:
        raise NotFound("store", reference)
    return rows.store(row)


def acting_store(context: Context, reference: str | None) -> Store:
    """The store in which the actor acts: the one given, else where the actor stands.

    Refused where neither is known or the store is closed today, NotFound where it is outside the actor's scope.
    """
    chosen = reference if reference is not None else context.actor.store_id
    if chosen is None:
        issue = Issue(
            code="ORG_STORE_NEEDED",
            message="It is not known in which store this happens. Give the store's number, or use a key that stands in a store.",
            pointer="/store",
        )
        raise Refused((issue,))
    found = store(context, chosen)
    context.actor.require_store(found.id, chosen)
    issues = closed_issues(found, today(context, found))
    if issues:
        raise Refused(issues)
    return found


def closed_issues(place: Store, date: str, pointer: str = "/store") -> list[Issue]:
    """The issue of a document on a date on which its store is closed, or not opened yet."""
    if place.open_on(date):
        return []
    days = f"; its days are {place.opens_on or '…'} to {place.closes_on or '…'}" if place.status == "open" else ""
    message = f"Store {place.number} {place.name} is closed on {date}{days}. Name another store."
    return [Issue(code="ORG_STORE_CLOSED", message=message, pointer=pointer, got=place.number)]


def warehouse(context: Context, warehouse_id: str) -> Warehouse:
    """The warehouse of an id or code within the legal entity of the request; NotFound where there is none."""
    entity = legal_entity(context)
    found: Warehouse = context.cached("org", "warehouse", (entity.id, warehouse_id), _load_warehouse)
    return found


def warehouse_by_code(context: Context, code: str) -> Warehouse:
    """The warehouse of a code within the legal entity of the request; NotFound where there is none."""
    found = warehouse(context, code)
    if found.code != code:
        raise NotFound("warehouse", code)
    return found


def _load_warehouse(read: Reader, key: tuple[str, str]) -> Warehouse:
    entity_id, reference = key
    row = read.row(rows.FIND_WAREHOUSE, (entity_id, reference, id_or_none(reference)))
    if row is None:
        raise NotFound("warehouse", reference)
    return rows.warehouse(row)


def profile_of(context: Context, store_id: str) -> str | None:
    """The id of the profile of a store, which holds the settings that it shares with others; None for none and for no such store."""
    found: str | None = context.cached("org", "profile", store_id, _load_profile)
    return found


def _load_profile(read: Reader, store_id: str) -> str | None:
    profile_id: str | None = read.value("SELECT profile_id FROM org_store WHERE id = ?", (id_or_none(store_id),))
    return profile_id


def reason_code(context: Context, purpose: str, reference: str, pointer: str = "/reason") -> ReasonCode:
    """The reason of a code or id for a purpose in the legal entity of the request; Refused where none can be given so."""
    entity = legal_entity(context)
    found: ReasonCode | None = context.cached("org", "reason", (entity.id, purpose, reference), _load_reason)
    if found is not None and found.active:
        return found
    message = f"No reason {reference} can be given for {purpose}. Name one of GET /reason-codes?purpose={purpose}&active=true."
    raise Refused((Issue(code="ORG_REASON_UNKNOWN", message=message, pointer=pointer, got=reference),))


def _load_reason(read: Reader, key: tuple[str, str, str]) -> ReasonCode | None:
    entity_id, purpose, reference = key
    row = read.row(rows.FIND_REASON, (entity_id, purpose, reference, id_or_none(reference)))
    return rows.reason_code(row) if row is not None else None


def check_setting_target(context: Context, level: str, target: str) -> None:
    """NotFound where a setting is given to a legal entity, profile or store that does not exist or is out of the actor's scope."""
    if level == "legal_entity":
        if legal_entity(context, target).id != target:
            raise NotFound("legal entity", target)
    elif level == "profile":
        entity_id = context.read.value("SELECT legal_entity_id FROM org_profile WHERE id = ?", (id_or_none(target),))
        if entity_id is None:
            raise NotFound("profile", target)
        context.actor.require_legal_entity(entity_id, target, "profile")
    else:
        entity_id = context.read.value("SELECT legal_entity_id FROM org_store WHERE id = ?", (id_or_none(target),))
        if entity_id is None:
            raise NotFound("store", target)
        context.actor.require_legal_entity(entity_id, target, "store")
        context.actor.require_store(target, target)


def business_date(context: Context, place: Store, occurred_at: int) -> str:
    """The date on which something happens in a store: the calendar date of the instant in the store's time zone."""
    return date_of(occurred_at, place.time_zone)


def today(context: Context, place: Store | LegalEntity) -> str:
    """The date in the time zone of a store or legal entity at the instant of the request."""
    return date_of(context.now, place.time_zone)
