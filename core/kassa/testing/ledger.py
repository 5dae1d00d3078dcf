"""Assertions about the ledger and about stock, written as an accountant would write them down.

    assert_voucher(shop, sale["invoice"], [
        ("1100 Trade receivables", "90.00", None),
        ("4100 Discounts given", "10.00", None),
        ("4000 Revenue", None, "100.00"),
    ])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import pytest

from kassa.kernel.invariants import verify
from kassa.kernel.values import QUANTITY_PLACES, format_minor, format_scaled
from kassa.testing.builders import Shop

EntryLine = tuple[str, str | None, str | None]
"""An account with its number and name, and an amount as decimal text on the debit or on the credit side."""

STOCK = (
    "SELECT b.on_hand, b.on_hand - b.reserved - b.picked - b.blocked, b.reserved, b.value, b.issued_value FROM stock_balance b "
    "JOIN catalog_product p ON p.id = b.product_id JOIN org_warehouse w ON w.id = b.warehouse_id "
    "WHERE w.legal_entity_id = ? AND p.number = ? AND w.code = ?"
)


def entries(shop: Shop, number: str) -> list[EntryLine]:
    """Read the entries of a document's voucher, by its number, sorted; entries of different rules are not netted."""
    voucher = shop.perform("ledger.read_voucher", {"voucher": number})
    return sorted(
        ((f"{entry['account']} {entry['account_name']}", entry["debit"], entry["credit"]) for entry in voucher["entries"]), key=_order
    )


def _order(entry: EntryLine) -> tuple[str, str, str]:
    return entry[0], entry[1] or "", entry[2] or ""


def assert_voucher(shop: Shop, number: str, expected: Iterable[EntryLine]) -> None:
    """Assert that a document booked exactly these entries, in any order."""
    assert_entries(entries(shop, number), expected, number)


def assert_entries(found: Iterable[EntryLine], expected: Iterable[EntryLine], what: str = "the voucher") -> None:
    """Assert that two lists of entries are the same in any order; what differs is shown as columns."""
    left, right = sorted(found, key=_order), sorted(expected, key=_order)
    if left != right:
        pytest.fail(f"{what} books\n{_table(left)}\ninstead of\n{_table(right)}", pytrace=False)


def _table(lines: Sequence[EntryLine]) -> str:
    rows = [f"    {account:<48}{debit or '':>14}{credit or '':>14}" for account, debit, credit in lines]
    return "\n".join(rows) or "    nothing"


def postings(preview: Any, document: str | None = None) -> list[EntryLine]:
    """Give the postings of a preview as entries, of one kind of document where it is named."""
    lines = (item for item in preview["postings"] if document is None or item["document"] == document)
    return sorted(((item["account"], item["debit"], item["credit"]) for item in lines), key=_order)


def has_voucher(shop: Shop, number: str) -> bool:
    """Tell whether a document booked anything."""
    listed = shop.perform("ledger.list_vouchers", {"limit": 500})["items"]
    return any(item["number"] == number for item in listed)


def trial_balance(shop: Shop, date: str | None = None) -> dict[str, str]:
    """Read the balance of every account by number and name, debit positive; accounts that come to 0.00 are left out."""
    answer = shop.perform("ledger.read_trial_balance", {"date": date} if date is not None else {})
    assert answer["debit"] == answer["credit"], "the trial balance is not zero"
    lines = {f"{row['account']} {row['account_name']}": row["balance"] for row in answer["accounts"]}
    return {account: balance for account, balance in lines.items() if balance.strip("0.")}


@attrs.frozen(kw_only=True)
class Stock:
    """What lies of a product in a warehouse: quantities and values as decimal texts."""

    on_hand: str = "0"
    available: str = "0"
    reserved: str = "0"
    value: str = "0.00"
    delivered_value: str = "0.00"


def stock_of(shop: Shop, product: str, warehouse: str | None = None) -> Stock:
    """Read what lies of a product, by number, in the shop's warehouse or another; zeros where nothing ever was."""
    with shop.engine.database.snapshot() as read:
        row = read.row(STOCK, (shop.legal_entity_id, product, warehouse or shop.warehouse))
    if row is None:
        return Stock(value=format_minor(0, shop.currency), delivered_value=format_minor(0, shop.currency))
    on_hand, available, reserved = (format_scaled(quantity, QUANTITY_PLACES, trim=True) for quantity in row[:3])
    value, delivered = (format_minor(amount, shop.currency) for amount in row[3:])
    return Stock(on_hand=on_hand, available=available, reserved=reserved, value=value, delivered_value=delivered)


def assert_sound(shop: Shop) -> None:
    """Assert that every invariant of the core and of the enabled plugins holds, as `kassa verify` does."""
    findings = verify(shop.engine)
    if findings:
        pytest.fail("\n".join(f"{found.invariant}: {found.row}: {found.what}" for found in findings), pytrace=False)
