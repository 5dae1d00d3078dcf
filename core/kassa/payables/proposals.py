"""Payment proposals: what is due to whom, what the vendors owe taken off, and who is left out for which reason."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.values import Minor, format_minor
from kassa.ledger.documents import OpenBalance, Pair
from kassa.ledger.facts import projected
from kassa.ledger.settling import in_order
from kassa.parties import facts as parties
from kassa.parties.documents import BankAccount, Vendor

VENDORS_AT_MOST = 500
DUE_VENDORS = (
    "SELECT DISTINCT i.party_id FROM ledger_open_item i WHERE i.legal_entity_id = ? AND i.party_type = 'vendor' AND i.\"open\" <> 0 "
    'AND i.currency = ? AND i.due_date <= ? AND i."open" < 0 AND i.party_id {which} ORDER BY i.party_id LIMIT ?'
)
ITEMS = (
    'SELECT i.id, i.type, i.currency, i."open", i.date, k.value, s.canonical, i.due_date, i.document_id, i.party_id, d.state '
    "FROM ledger_open_item i JOIN kernel_document d ON d.id = i.document_id LEFT JOIN ledger_dimension_set s ON s.id = i.dimension_set_id "
    "LEFT JOIN kernel_document_key k ON k.document_id = i.document_id AND k.name = 'number' WHERE i.legal_entity_id = ? "
    "AND i.party_type = 'vendor' AND i.\"open\" <> 0 AND i.currency = ? AND i.party_id IN {keys} ORDER BY i.party_id, i.due_date, i.id"
)


@attrs.frozen(kw_only=True)
class Criteria:
    """What a proposal looks for: currency, the last due date, the least amount (minor units), and which vendors, by id."""

    legal_entity_id: str
    currency: str
    due_until: str
    minimum: Minor = 0
    vendor_ids: Sequence[str] | None = None


@attrs.frozen(kw_only=True)
class Payee:
    """What one vendor would get: items due (credits), what the vendor owes (debits), and where the money goes.

    `approved` are the documents that may be paid because they are not held.
    """

    vendor: Vendor
    account: BankAccount
    credits: tuple[OpenBalance, ...]
    debits: tuple[OpenBalance, ...]
    amount: Minor
    approved: tuple[str, ...] = ()

    def pairs(self, payment_item_id: str) -> tuple[Pair, ...]:
        """Pair the debits of the vendor and then the payment with the credits, in the order in which these are due."""
        own = [(item.id, item.open) for item in self.debits]
        return tuple(in_order([*own, (payment_item_id, self.amount)], [(item.id, -item.open) for item in self.credits]))


@attrs.frozen(kw_only=True)
class LeftOut:
    """A vendor, or one document of it, that is due and not paid, with code and words of the reason."""

    vendor: Vendor
    document: str | None
    code: str
    message: str


@attrs.frozen(kw_only=True)
class Proposal:
    """Who is paid and who is not; `more` where further vendors are due."""

    payees: tuple[Payee, ...]
    left_out: tuple[LeftOut, ...]
    more: bool


def propose(context: Context, criteria: Criteria) -> Proposal:
    """Make the proposal of some criteria, at most VENDORS_AT_MOST vendors at once."""
    ids = _due(context, criteria)
    more, ids = len(ids) > VENDORS_AT_MOST, ids[:VENDORS_AT_MOST]
    vendors, accounts = parties.vendors(context, ids), parties.bank_accounts(context, ids)
    rows = context.read.rows_for(ITEMS, ids, (criteria.legal_entity_id, criteria.currency)) if ids else []
    payees: list[Payee] = []
    left_out: list[LeftOut] = []
    for vendor_id, group in groupby(sorted(rows, key=lambda row: str(row[9])), key=lambda row: str(row[9])):
        found = _payee(vendors[vendor_id], accounts.get(vendor_id), list(group), criteria, context, left_out)
        if found is not None:
            payees.append(found)
    return Proposal(payees=tuple(payees), left_out=tuple(left_out), more=more)


def _due(context: Context, criteria: Criteria) -> list[str]:
    start = (criteria.legal_entity_id, criteria.currency, criteria.due_until)
    if criteria.vendor_ids is None:
        sql = DUE_VENDORS.replace("{which}", "IS NOT NULL")
        return [row[0] for row in context.read.rows(sql, (*start, VENDORS_AT_MOST + 1))]
    marks = ", ".join("?" * len(criteria.vendor_ids))
    sql = DUE_VENDORS.replace("{which}", f"IN ({marks})")
    return [row[0] for row in context.read.rows(sql, (*start, *criteria.vendor_ids, VENDORS_AT_MOST + 1))]


def _payee(
    vendor: Vendor, account: BankAccount | None, rows: Sequence[Any], criteria: Criteria, context: Context, left_out: list[LeftOut]
) -> Payee | None:
    """Make the payment of one vendor, or say why there is none; an invoice that is held is left out alone."""
    states = {row[0]: row[10] for row in rows}
    items = [item for item in projected(context, [OpenBalance(*row[:9]) for row in rows]) if item.open]
    held = [item for item in items if states[item.id] == "held"]
    for item in held:
        left_out.append(_left_out(vendor, "PAYABLES_INVOICE_HELD", f"{item.number} is held until it is released.", item.number))
    credits = [item for item in items if item.open < 0 and item.due_date <= criteria.due_until and item not in held]
    debits = [item for item in items if item.open > 0]
    if not credits:
        return None
    due = -sum(item.open for item in credits)
    amount = due - sum(item.open for item in debits)
    reason = _reason(vendor, amount, criteria)
    if reason is None and account is None:
        reason = "PAYABLES_NO_BANK_ACCOUNT", f"{vendor.name} has no bank account to pay to."
    if reason is not None or account is None:
        left_out.extend(_left_out(vendor, *found) for found in (reason,) if found is not None)
        return None
    approved = tuple(item.document_id for item in credits if states[item.id] == "approved")
    return Payee(vendor=vendor, account=account, credits=tuple(credits), debits=tuple(debits), amount=amount, approved=approved)


def _reason(vendor: Vendor, amount: Minor, criteria: Criteria) -> tuple[str, str] | None:
    shown, least = format_minor(amount, criteria.currency), format_minor(criteria.minimum, criteria.currency)
    if vendor.on_hold in ("payment", "all"):
        return "PAYABLES_VENDOR_ON_HOLD", f"{vendor.name} is on hold for payments."
    if amount <= 0:
        return "PAYABLES_NOTHING_DUE", f"What is due is covered by credit notes and payments; {shown} is left."
    if amount < criteria.minimum:
        return "PAYABLES_BELOW_MINIMUM", f"{shown} is due, which is less than {least}."
    return None


def _left_out(vendor: Vendor, code: str, message: str, document: str | None = None) -> LeftOut:
    return LeftOut(vendor=vendor, document=document, code=code, message=message)
