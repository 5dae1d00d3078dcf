"""Rows of the parties to values."""

from __future__ import annotations

from collections.abc import Sequence

from kassa.kernel.database import Reader, Row
from kassa.parties.documents import Customer, Vendor

COLUMNS = "id, legal_entity_id, number, name, currency, blocked, invoice_account_id, email, phone, language, tax_number, tax_exempt, vendor_id"
VENDOR_COLUMNS = "id, legal_entity_id, number, name, currency, on_hold, one_time, due_days, email, phone, language, tax_number"


def customers(read: Reader, entity_id: str, key: str, references: Sequence[str]) -> dict[str, Customer]:
    """The customers of a legal entity whose column `key` is one of the references, by that column."""
    sql = f"SELECT {key}, {COLUMNS} FROM parties_customer WHERE legal_entity_id = ? AND {key} IN {{keys}}"
    return {row[0]: customer(row[1:]) for row in read.rows_for(sql, references, (entity_id,))}


def customer(row: Row) -> Customer:
    """The customer of a row of COLUMNS."""
    customer_id, entity_id, number, name, currency, blocked, invoice_account_id, email, phone, language, tax_number, tax_exempt, vendor_id = row
    return Customer(
        id=customer_id,
        legal_entity_id=entity_id,
        number=number,
        name=name,
        currency=currency,
        blocked=blocked,
        invoice_account_id=invoice_account_id,
        email=email,
        phone=phone,
        language=language,
        tax_number=tax_number,
        tax_exempt=bool(tax_exempt),
        vendor_id=vendor_id,
    )


def vendors(read: Reader, entity_id: str, key: str, references: Sequence[str]) -> dict[str, Vendor]:
    """The vendors of a legal entity whose column `key` is one of the references, by that column."""
    sql = f"SELECT {key}, {VENDOR_COLUMNS} FROM parties_vendor WHERE legal_entity_id = ? AND {key} IN {{keys}}"
    return {row[0]: vendor(row[1:]) for row in read.rows_for(sql, references, (entity_id,))}


def vendor(row: Row) -> Vendor:
    """The vendor of a row of VENDOR_COLUMNS."""
    vendor_id, entity_id, number, name, currency, on_hold, one_time, due_days, email, phone, language, tax_number = row
    return Vendor(
        id=vendor_id,
        legal_entity_id=entity_id,
        number=number,
        name=name,
        currency=currency,
        on_hold=on_hold,
        one_time=bool(one_time),
        due_days=due_days,
        email=email,
        phone=phone,
        language=language,
        tax_number=tax_number,
    )
