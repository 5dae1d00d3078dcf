"""Rows of the organisation to values: one query's columns and one function for each table."""

from __future__ import annotations

from kassa.kernel.database import Row
from kassa.kernel.values import currency
from kassa.org.documents import LegalEntity, Store, Warehouse, Worker

SELECT_LEGAL_ENTITY = "SELECT id, code, name, currency, time_zone FROM org_legal_entity"
SELECT_STORE = (
    "SELECT id, legal_entity_id, number, name, time_zone, currency, warehouse_id, price_includes_tax, status, profile FROM org_store"
)
SELECT_WAREHOUSE = "SELECT id, legal_entity_id, code, name, kind, store_id FROM org_warehouse"
SELECT_WORKER = "SELECT id, number, name, active FROM org_worker"
FIND_STORE = f"{SELECT_STORE} WHERE legal_entity_id = ? AND (number = ? OR id = ?)"
FIND_WAREHOUSE = f"{SELECT_WAREHOUSE} WHERE legal_entity_id = ? AND (code = ? OR id = ?)"
FIND_WORKER = f"{SELECT_WORKER} WHERE number = ? OR id = ?"


def legal_entity(row: Row) -> LegalEntity:
    """The legal entity of a row of SELECT_LEGAL_ENTITY."""
    entity_id, code, name, currency_code, time_zone = row
    exponent = currency(currency_code).exponent
    return LegalEntity(id=entity_id, code=code, name=name, currency=currency_code, exponent=exponent, time_zone=time_zone)


def store(row: Row) -> Store:
    """The store of a row of SELECT_STORE."""
    store_id, entity_id, number, name, time_zone, currency_code, warehouse_id, price_includes_tax, status, profile = row
    return Store(
        id=store_id,
        legal_entity_id=entity_id,
        number=number,
        name=name,
        time_zone=time_zone,
        currency=currency_code,
        exponent=currency(currency_code).exponent,
        warehouse_id=warehouse_id,
        price_includes_tax=bool(price_includes_tax),
        status=status,
        profile=profile,
    )


def warehouse(row: Row) -> Warehouse:
    """The warehouse of a row of SELECT_WAREHOUSE."""
    warehouse_id, entity_id, code, name, kind, store_id = row
    return Warehouse(id=warehouse_id, legal_entity_id=entity_id, code=code, name=name, kind=kind, store_id=store_id)


def worker(row: Row) -> Worker:
    """The worker of a row of SELECT_WORKER."""
    worker_id, number, name, active = row
    return Worker(id=worker_id, number=number, name=name, active=bool(active))
