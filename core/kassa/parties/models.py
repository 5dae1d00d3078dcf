"""The tables of the parties."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Flag, Id, Integer, Table, Text


class CustomerRow(Table):
    """Who buys from a legal entity on a name; another customer may be the one who gets the invoices."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    number = Text()
    name = Text()
    currency = Text()
    blocked = Text()
    invoice_account_id = Id(null=True)
    email = Text(null=True)
    phone = Text(null=True)
    language = Text(null=True)
    tax_number = Text(null=True)
    tax_exempt = Flag()
    vendor_id = Id(null=True)
    version = Integer()

    class Meta:
        table_name = "parties_customer"
        reference = "parties"
        constraints = [
            peewee.SQL("UNIQUE (id, legal_entity_id)"),
            peewee.SQL("UNIQUE (legal_entity_id, number)"),
            peewee.SQL("FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id)"),
            peewee.SQL("FOREIGN KEY (invoice_account_id, legal_entity_id) REFERENCES parties_customer (id, legal_entity_id)"),
            peewee.Check("blocked IN ('none', 'invoice', 'all')"),
            peewee.Check("invoice_account_id IS NULL OR invoice_account_id <> id"),
            peewee.Check("version > 0"),
        ]
        indexes = ((("legal_entity_id", "email"), False), (("invoice_account_id",), False))


class AddressRow(Table):
    """An address of a party, for invoices or deliveries; inactive ones are kept for the documents that went there.

    Coordinates are in millionths of a degree, north and east positive; both are known or none.
    """

    id = Id(primary_key=True)
    party_id = Id(index=True)
    kind = Text()
    name = Text(null=True)
    lines = Text()
    postal_code = Text(null=True)
    city = Text(null=True)
    region = Text(null=True)
    country = Text()
    latitude_micro = Integer(null=True)
    longitude_micro = Integer(null=True)
    preferred = Flag()
    active = Flag()
    version = Integer()

    class Meta:
        table_name = "parties_address"
        reference = "parties"
        constraints = [
            peewee.Check("kind IN ('invoice', 'delivery')"),
            peewee.Check("(latitude_micro IS NULL) = (longitude_micro IS NULL)"),
            peewee.Check("version > 0"),
        ]


class VendorRow(Table):
    """Who delivers to a legal entity, or is paid by it, on a name."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    number = Text()
    name = Text()
    currency = Text()
    on_hold = Text()
    one_time = Flag()
    due_days = Integer()
    email = Text(null=True)
    phone = Text(null=True)
    language = Text(null=True)
    tax_number = Text(null=True)
    version = Integer()

    class Meta:
        table_name = "parties_vendor"
        reference = "parties"
        constraints = [
            peewee.SQL("UNIQUE (id, legal_entity_id)"),
            peewee.SQL("UNIQUE (legal_entity_id, number)"),
            peewee.SQL("FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id)"),
            peewee.Check("on_hold IN ('none', 'payment', 'invoice', 'all')"),
            peewee.Check("due_days BETWEEN 0 AND 3650"),
            peewee.Check("version > 0"),
        ]


class BankAccountRow(Table):
    """A bank account of a vendor; inactive ones are kept for the payments that went there."""

    id = Id(primary_key=True)
    party_id = Id(index=True)
    iban = Text()
    bic = Text(null=True)
    holder = Text()
    preferred = Flag()
    active = Flag()
    version = Integer()

    class Meta:
        table_name = "parties_bank_account"
        reference = "parties"
        constraints = [peewee.Check("version > 0")]


TABLES: tuple[type[Table], ...] = (CustomerRow, AddressRow, VendorRow, BankAccountRow)
