"""The organisation as frozen values: what other rooms and plugins know of entities, stores, warehouses and workers."""

from __future__ import annotations

from typing import Literal

import attrs

WarehouseKind = Literal["store", "non_store", "quarantine"]
StoreStatus = Literal["open", "closed"]


@attrs.frozen(kw_only=True)
class LegalEntity:
    """A company; `exponent` is the number of decimal digits of its currency's minor unit."""

    id: str
    code: str
    name: str
    currency: str
    exponent: int
    time_zone: str


@attrs.frozen(kw_only=True)
class Store:
    """A sales outlet; `exponent` belongs to its currency, `warehouse_id` is where its goods lie."""

    id: str
    legal_entity_id: str
    number: str
    name: str
    time_zone: str
    currency: str
    exponent: int
    warehouse_id: str
    price_includes_tax: bool
    status: StoreStatus
    profile: str | None = None


@attrs.frozen(kw_only=True)
class Warehouse:
    """A place of stock; `store_id` is the store whose goods lie there, if any."""

    id: str
    legal_entity_id: str
    code: str
    name: str
    kind: WarehouseKind
    store_id: str | None = None


@attrs.frozen(kw_only=True)
class Worker:
    """A person who works with Kassa."""

    id: str
    number: str
    name: str
    active: bool
