"""The organisation as frozen values: what other rooms and plugins know of entities, stores, warehouses and workers."""

from __future__ import annotations

from typing import Literal

import attrs

from kassa.kernel.contributions import Definition
from kassa.org.messages.scalars import Address

NodeKind = Literal["group", "legal_entity", "store"]
DeliveryWay = Literal["ship", "pick_up"]
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
    profile_id: str | None = None
    opens_on: str | None = None
    closes_on: str | None = None
    address: Address | None = None

    def open_on(self, date: str) -> bool:
        """Whether documents may be made in it on a date of its own time zone."""
        begun = self.opens_on is None or self.opens_on <= date
        return self.status == "open" and begun and (self.closes_on is None or date <= self.closes_on)


@attrs.frozen(kw_only=True)
class Warehouse:
    """A place of stock; `store_id` is the store whose goods lie there, if any."""

    id: str
    legal_entity_id: str
    code: str
    name: str
    kind: WarehouseKind
    store_id: str | None = None
    quarantine_warehouse_id: str | None = None
    return_place_id: str | None = None
    address: Address | None = None


@attrs.frozen(kw_only=True)
class Place:
    """A place inside a warehouse; goods on a blocked one are not for sale."""

    id: str
    warehouse_id: str
    code: str
    name: str
    blocked: bool
    active: bool


@attrs.frozen(kw_only=True)
class Worker:
    """A person who works with Kassa."""

    id: str
    number: str
    name: str
    active: bool


@attrs.frozen(kw_only=True)
class HierarchyPurpose(Definition):
    """What a hierarchy of organisations is for; plugins add theirs, and accept hierarchies of that purpose alone."""


@attrs.frozen(kw_only=True)
class ReasonPurpose(Definition):
    """Which act asks for a reason; plugins add theirs."""


@attrs.frozen(kw_only=True)
class ReasonCode:
    """Why something was done; an inactive one cannot be given any more."""

    id: str
    purpose: str
    code: str
    name: str
    active: bool


@attrs.frozen(kw_only=True)
class FulfilmentLocation:
    """Where goods for a store can be sent from or picked up: a store, or a warehouse of no store, which can only ship.

    `warehouse_id` is where the goods lie; `store_id` None for a warehouse. `code` is the number of the store, or the code of
    the warehouse.
    """

    warehouse_id: str
    store_id: str | None
    code: str
    name: str
    ships: bool
    picks_up: bool
    address: Address | None = None

    def offers(self, way: DeliveryWay) -> bool:
        """Whether goods can be delivered from there in this way."""
        return self.ships if way == "ship" else self.picks_up


@attrs.frozen(kw_only=True)
class ReturnPlace:
    """Where goods that come back go: a warehouse, a place in it if one is known, and whether they are not for sale there."""

    warehouse_id: str
    place_id: str | None
    blocked: bool
