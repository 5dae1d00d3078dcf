"""Settling an invoice or credit note when it is posted: with nothing, with the oldest open items, or with those that are named."""

from __future__ import annotations

from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.ledger.documents import OpenBalance, Pair
from kassa.ledger.facts import open_items
from kassa.ledger.messages.open_items import PairRequest
from kassa.ledger.settling import by_age, designated
from kassa.payments.documents import SettledItem
from kassa.sales.documents import Invoice
from kassa.sales.messages import PostInvoices

THIS = "this document"


def settled(invoice: Invoice, command: PostInvoices, context: Any) -> Invoice:
    """Choose what an invoice is set against: items of its party on the other side, as the plan so far leaves them (INV-15)."""
    due = invoice.total - sum(applied.amount for applied in invoice.deposits)
    if command.settlement == "none" or not due:
        return invoice
    new = OpenBalance(invoice.open_item_id, invoice.type, invoice.currency, due, invoice.date, THIS)
    others = _others(invoice, context)
    if command.settlement == "oldest":
        pairs: list[Pair] = by_age([new, *others])
    else:
        asked = [_pair(invoice, chosen.document, chosen.amount) for chosen in command.settle]
        pairs, issues = designated(asked, [new, *others])
        context.refuse([_at_request(issue) for issue in issues])
    found = (SettledItem(p.credit_item_id if invoice.total > 0 else p.debit_item_id, p.amount, stored=True) for p in pairs)
    return evolve(invoice, settles=tuple(found))


def _others(invoice: Invoice, context: Any) -> list[OpenBalance]:
    """List the open items of the other side, oldest first, less what this plan settles already."""
    items = open_items(context, invoice.legal_entity_id, invoice.party_type, invoice.party_id)
    return [item for item in items if item.currency == invoice.currency and item.open * invoice.total < 0]


def _pair(invoice: Invoice, document: str, amount: Any) -> PairRequest:
    debit, credit = (THIS, document) if invoice.total > 0 else (document, THIS)
    return PairRequest(debit=debit, credit=credit, amount=amount)


def _at_request(issue: Issue) -> Issue:
    place = issue.pointer.split("/")[2] if issue.pointer.startswith("/pairs/") else "0"
    field = "amount" if issue.code == "LEDGER_SETTLE_AMOUNT" else "document"
    return evolve(issue, pointer=f"/settle/{place}/{field}")
