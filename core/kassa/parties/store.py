"""Rows of the parties to values."""

from __future__ import annotations

from collections.abc import Sequence

from kassa.kernel.database import Reader, Row
from kassa.parties.documents import Customer

COLUMNS = "id, legal_entity_id, number, name, currency, blocked, invoice_account_id, email, phone, language, tax_number, tax_exempt"


def customers(read: Reader, entity_id: str, key: str, references: Sequence[str]) -> dict[str, Customer]:
    """The customers of a legal entity whose column `key` is one of the references, by that column."""
    sql = f"SELECT {key}, {COLUMNS} FROM parties_customer WHERE legal_entity_id = ? AND {key} IN {{keys}}"
    return {row[0]: customer(row[1:]) for row in read.rows_for(sql, references, (entity_id,))}


def customer(row: Row) -> Customer:
    """The customer of a row of COLUMNS."""
    customer_id, entity_id, number, name, currency, blocked, invoice_account_id, email, phone, language, tax_number, tax_exempt = row
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
    )
