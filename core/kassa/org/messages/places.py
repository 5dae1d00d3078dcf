"""Requests and views of legal entities, stores and warehouses."""

from __future__ import annotations

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import CurrencyCode, Date, Identifier, Text
from kassa.org.documents import StoreStatus, WarehouseKind
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import Address, CountryCode, PlainCode, Reference, TimeZone


@attrs.frozen(kw_only=True)
class CreateLegalEntity:
    """A company with books of its own."""

    code: PlainCode = attrs.field(metadata=about("Short name, unique, never changed.", "NL01"))
    name: Text = attrs.field(metadata=about("Full name.", "Warenhuis B.V."))
    currency: CurrencyCode = attrs.field(metadata=about("The currency of its books; never changed.", "EUR"))
    time_zone: TimeZone = attrs.field(metadata=about("Where its days begin and end.", "Europe/Amsterdam"))
    country: CountryCode | None = None


@attrs.frozen(kw_only=True)
class ReadLegalEntity:
    """Names a legal entity."""

    legal_entity: Reference = attrs.field(metadata=about("Code or id.", "NL01"))


@attrs.frozen(kw_only=True)
class ChangeLegalEntity(ReadLegalEntity):
    """What shall be different at a legal entity; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("Full name."))
    time_zone: TimeZone = attrs.field(factory=left_out, metadata=about("Where its days begin and end; counts for dates from now on."))
    country: CountryCode | None = attrs.field(factory=left_out, metadata=about("The country, ISO 3166."))


@attrs.frozen(kw_only=True)
class LegalEntityView:
    """A legal entity."""

    id: Identifier
    code: str
    name: str
    currency: str
    time_zone: str
    country: str | None
    version: int


@attrs.frozen(kw_only=True)
class ListLegalEntities(PageRequest):
    """Asks for the legal entities that the caller can see."""


@attrs.frozen(kw_only=True)
class CreateStore:
    """A sales outlet of a legal entity."""

    number: PlainCode = attrs.field(metadata=about("Unique within the legal entity, never changed.", "S001"))
    name: Text = attrs.field(metadata=about("Name.", "Amsterdam Damrak"))
    time_zone: TimeZone | None = attrs.field(
        default=None, metadata=about("Where its business days begin and end; that of its legal entity if left out.")
    )
    currency: CurrencyCode | None = attrs.field(
        default=None, metadata=about("The currency in which it sells; that of its legal entity if left out.")
    )
    warehouse: Reference | None = attrs.field(
        default=None, metadata=about("Code or id of the warehouse where its goods lie; left out, one is created under the store's number.")
    )
    price_includes_tax: bool = attrs.field(default=True, metadata=about("Whether its prices include tax."))
    profile: Reference | None = attrs.field(
        default=None, metadata=about("Code or id of its functionality profile: the settings that it shares with other stores.")
    )
    opens_on: Date | None = attrs.field(default=None, metadata=about("The first day on which it is open, in its time zone.", "2026-03-01"))
    closes_on: Date | None = attrs.field(default=None, metadata=about("The last day on which it is open."))
    address: Address | None = None


@attrs.frozen(kw_only=True)
class ReadStore:
    """Names a store."""

    store: Reference = attrs.field(metadata=about("Number or id.", "S001"))


@attrs.frozen(kw_only=True)
class ChangeStore(ReadStore):
    """What shall be different at a store; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    time_zone: TimeZone = attrs.field(
        factory=left_out, metadata=about("Where its business days begin and end; counts for dates from now on.")
    )
    warehouse: Reference = attrs.field(factory=left_out, metadata=about("Code or id of the warehouse where its goods lie."))
    price_includes_tax: bool = attrs.field(
        factory=left_out, metadata=about("Whether its prices include tax; counts for documents from now on.")
    )
    profile: Reference | None = attrs.field(factory=left_out, metadata=about("Code or id of its functionality profile."))
    status: StoreStatus = attrs.field(factory=left_out, metadata=about("A closed store sells nothing; what it sold can still be found."))
    opens_on: Date | None = attrs.field(factory=left_out, metadata=about("The first day on which it is open, in its time zone."))
    closes_on: Date | None = attrs.field(factory=left_out, metadata=about("The last day on which it is open."))
    address: Address | None = attrs.field(factory=left_out, metadata=about("Where it stands."))


@attrs.frozen(kw_only=True)
class StoreView:
    """A store."""

    id: Identifier
    legal_entity_id: Identifier
    number: str
    name: str
    time_zone: str
    currency: str
    warehouse_id: Identifier
    price_includes_tax: bool
    profile_id: Identifier | None
    status: StoreStatus
    opens_on: Date | None
    closes_on: Date | None
    address: Address | None
    version: int


@attrs.frozen(kw_only=True)
class ListStores(PageRequest):
    """Asks for the stores of the legal entity."""

    status: StoreStatus | None = attrs.field(default=None, metadata=about("Only those that are open, or closed."))


@attrs.frozen(kw_only=True)
class CreateWarehouse:
    """A place where goods lie."""

    code: PlainCode = attrs.field(metadata=about("Unique within the legal entity, never changed.", "W01"))
    name: Text = attrs.field(metadata=about("Name.", "Central warehouse"))
    kind: WarehouseKind = attrs.field(
        default="non_store", metadata=about("The stock of a store, of no store, or goods that wait for a decision.")
    )
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of the store to which it belongs."))
    quarantine_warehouse: Reference | None = attrs.field(
        default=None, metadata=about("Code or id of the warehouse where goods that come here wait for a decision.")
    )
    address: Address | None = None


@attrs.frozen(kw_only=True)
class ReadWarehouse:
    """Names a warehouse."""

    warehouse: Reference = attrs.field(metadata=about("Code or id.", "W01"))


@attrs.frozen(kw_only=True)
class ChangeWarehouse(ReadWarehouse):
    """What shall be different at a warehouse; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    store: Reference | None = attrs.field(factory=left_out, metadata=about("Number or id of the store to which it belongs."))
    quarantine_warehouse: Reference | None = attrs.field(
        factory=left_out, metadata=about("Code or id of the warehouse where goods that come here wait for a decision.")
    )
    return_place: Reference | None = attrs.field(
        factory=left_out, metadata=about("Code or id of the place in it to which goods that come back go.")
    )
    address: Address | None = attrs.field(factory=left_out, metadata=about("Where it stands."))


@attrs.frozen(kw_only=True)
class WarehouseView:
    """A warehouse."""

    id: Identifier
    legal_entity_id: Identifier
    code: str
    name: str
    kind: WarehouseKind
    store_id: Identifier | None
    quarantine_warehouse_id: Identifier | None
    return_place_id: Identifier | None
    address: Address | None
    version: int


@attrs.frozen(kw_only=True)
class ListWarehouses(PageRequest):
    """Asks for the warehouses of the legal entity."""

    kind: WarehouseKind | None = attrs.field(default=None, metadata=about("Only those of one kind."))


@attrs.frozen(kw_only=True)
class CreatePlace(ReadWarehouse):
    """A place inside a warehouse."""

    code: PlainCode = attrs.field(metadata=about("Unique within the warehouse, never changed.", "RETURNS"))
    name: Text = attrs.field(metadata=about("Name.", "Goods that came back"))
    blocked: bool = attrs.field(default=False, metadata=about("Whether goods on it are not for sale."))


@attrs.frozen(kw_only=True)
class ReadPlace(ReadWarehouse):
    """Names a place inside a warehouse."""

    place: Reference = attrs.field(metadata=about("Code or id.", "RETURNS"))


@attrs.frozen(kw_only=True)
class ChangePlace(ReadPlace):
    """What shall be different at a place; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    blocked: bool = attrs.field(factory=left_out, metadata=about("Whether goods on it are not for sale."))
    active: bool = attrs.field(factory=left_out, metadata=about("Whether goods can still be put there."))


@attrs.frozen(kw_only=True)
class PlaceView:
    """A place inside a warehouse."""

    id: Identifier
    warehouse_id: Identifier
    code: str
    name: str
    blocked: bool
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class ListPlaces(PageRequest):
    """Asks for the places of a warehouse."""

    warehouse: Reference = attrs.field(metadata=about("Code or id.", "W01"))


@attrs.frozen(kw_only=True)
class CreateProfile:
    """A functionality profile: settings that several stores share."""

    code: PlainCode = attrs.field(metadata=about("Unique within the legal entity, never changed.", "CITY"))
    name: Text = attrs.field(metadata=about("Name.", "Shops in cities"))


@attrs.frozen(kw_only=True)
class ReadProfile:
    """Names a functionality profile."""

    profile: Reference = attrs.field(metadata=about("Code or id.", "CITY"))


@attrs.frozen(kw_only=True)
class ChangeProfile(ReadProfile):
    """What shall be different at a functionality profile; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))


@attrs.frozen(kw_only=True)
class ProfileView:
    """A functionality profile; its settings are given with PATCH /settings/{name}, level `profile`, target its id."""

    id: Identifier
    legal_entity_id: Identifier
    code: str
    name: str
    stores: int
    version: int


@attrs.frozen(kw_only=True)
class ListProfiles(PageRequest):
    """Asks for the functionality profiles of the legal entity."""
