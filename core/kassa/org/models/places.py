"""The tables of legal entities, warehouses with their places, profiles and stores."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Date, Flag, Id, Integer, Table, Text

OF_ENTITY = peewee.SQL("FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id)")
OF_WAREHOUSE = peewee.SQL("FOREIGN KEY (warehouse_id, legal_entity_id) REFERENCES org_warehouse (id, legal_entity_id)")


class LegalEntityRow(Table):
    """A company with its own ledger, currency and time zone."""

    id = Id(primary_key=True)
    code = Text(unique=True)
    name = Text()
    currency = Text()
    time_zone = Text()
    country = Text(null=True)
    version = Integer()

    class Meta:
        table_name = "org_legal_entity"
        reference = "org"
        constraints = [peewee.Check("version > 0")]


class WarehouseRow(Table):
    """Where goods lie: the stock of a store, of no store, or goods that wait for a decision; it belongs to one entity for ever.

    `quarantine_warehouse_id` is where goods that come here go to wait for a decision, `return_place_id` the place in it for goods
    that come back; `address` is JSON.
    """

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    name = Text()
    kind = Text()
    store_id = Id(null=True)
    quarantine_warehouse_id = Id(null=True)
    return_place_id = Id(null=True)
    address = Text(null=True)
    version = Integer()

    class Meta:
        table_name = "org_warehouse"
        reference = "org"
        constraints = [
            peewee.SQL("UNIQUE (id, legal_entity_id)"),
            peewee.SQL("UNIQUE (legal_entity_id, code)"),
            OF_ENTITY,
            peewee.SQL("FOREIGN KEY (quarantine_warehouse_id, legal_entity_id) REFERENCES org_warehouse (id, legal_entity_id)"),
            peewee.Check("kind IN ('store', 'non_store', 'quarantine')"),
            peewee.Check("version > 0"),
        ]


class PlaceRow(Table):
    """A place inside a warehouse; goods on a blocked one are not for sale."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    warehouse_id = Id()
    code = Text()
    name = Text()
    blocked = Flag()
    active = Flag()
    version = Integer()

    class Meta:
        table_name = "org_place"
        reference = "org"
        constraints = [
            peewee.SQL("UNIQUE (id, warehouse_id)"),
            peewee.SQL("UNIQUE (warehouse_id, code)"),
            OF_WAREHOUSE,
            peewee.Check("version > 0"),
        ]


class ProfileRow(Table):
    """A functionality profile: what settings at its level are given to, shared by the stores that have it."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    name = Text()
    version = Integer()

    class Meta:
        table_name = "org_profile"
        reference = "org"
        constraints = [
            peewee.SQL("UNIQUE (id, legal_entity_id)"),
            peewee.SQL("UNIQUE (legal_entity_id, code)"),
            OF_ENTITY,
            peewee.Check("version > 0"),
        ]


class StoreRow(Table):
    """A sales outlet of one legal entity; `address` is JSON, the profile holds the settings that stores share.

    It is open from `opens_on` to `closes_on`, both included and both in its own time zone; none is no limit.
    """

    id = Id(primary_key=True)
    legal_entity_id = Id()
    number = Text()
    name = Text()
    time_zone = Text()
    currency = Text()
    warehouse_id = Id()
    price_includes_tax = Flag()
    profile_id = Id(null=True)
    status = Text()
    opens_on = Date(null=True)
    closes_on = Date(null=True)
    address = Text(null=True)
    version = Integer()

    class Meta:
        table_name = "org_store"
        reference = "org"
        constraints = [
            peewee.SQL("UNIQUE (id, legal_entity_id)"),
            peewee.SQL("UNIQUE (legal_entity_id, number)"),
            OF_ENTITY,
            OF_WAREHOUSE,
            peewee.SQL("FOREIGN KEY (profile_id, legal_entity_id) REFERENCES org_profile (id, legal_entity_id)"),
            peewee.Check("closes_on IS NULL OR opens_on IS NULL OR closes_on >= opens_on"),
            peewee.Check("status IN ('open', 'closed')"),
            peewee.Check("version > 0"),
        ]
