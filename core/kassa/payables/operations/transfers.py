"""Transfers: what a customer is owed becomes what a vendor is owed, in one voucher."""

from __future__ import annotations

from collections.abc import Sequence

from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result
from kassa.kernel.plan import Key
from kassa.kernel.values import format_minor, new_id
from kassa.ledger.dimensions import common
from kassa.ledger.documents import OpenBalance, dimension_values
from kassa.ledger.facts import open_items
from kassa.ledger.settling import PREPAYMENT, chosen, in_order
from kassa.org import facts as org
from kassa.parties import facts as parties
from kassa.parties.documents import Customer, Vendor
from kassa.payables.documents import BalanceTransfer
from kassa.payables.messages import invoices as messages


def transfer_balance(command: messages.TransferBalance, context: Context) -> Result:
    """Plan a transfer: the items named settle each other, debits first, and what is left of the credits is owed to the vendor.

    The voucher stands in the dimensions that all items have in common.
    """
    customer = parties.customer(context, command.customer)
    entity = org.legal_entity(context, customer.legal_entity_id)
    vendor = _vendor(command, customer, context)
    items, issues = chosen(command.items, open_items(context, entity.id, "customer", customer.id))
    amount = -sum(item.open for item in items)
    context.refuse([*issues, *([] if issues else _unfit(items, amount))])
    item_id = new_id()
    debits = [*((item.id, item.open) for item in items if item.open > 0), (item_id, amount)]
    draft = BalanceTransfer(
        id=new_id(), type="transfer", legal_entity_id=entity.id, store_id=None, register=context.actor.register or "office", state="new",
        date=command.date or date_of(context.now, entity.time_zone), occurred_at=context.now, customer_id=customer.id, vendor_id=vendor.id,
        keys=(Key("reference", command.reference, identifying=False),) if command.reference is not None else (),
        currency=items[0].currency, amount=amount, description=command.description,
        due_date=command.due_date or command.date or date_of(context.now, entity.time_zone), customer_item_id=item_id, vendor_item_id=new_id(),
        item_dimensions=common(item.dimensions or "" for item in items),
        pairs=tuple(in_order(debits, [(item.id, -item.open) for item in items if item.open < 0])),
    )  # fmt: skip
    (posted,) = context.step("balance_transfer", "post", [draft])
    return Result(
        view=lambda numbers: _view(posted, customer.number, vendor.number, numbers.get(posted.id)), document_id=posted.id, version=1
    )


def _vendor(command: messages.TransferBalance, customer: Customer, context: Context) -> Vendor:
    reference = command.vendor or customer.vendor_id
    if reference is None:
        message = f"Customer {customer.number} has no vendor account. Name a vendor, or make one (parties.create_one_time_vendor)."
        context.refuse([Issue(code="LEDGER_PARTY_NEEDED", message=message, pointer="/vendor")])
    return parties.vendor(context, reference or "")


def _unfit(items: Sequence[OpenBalance], amount: int) -> list[Issue]:
    """Tell why items cannot be moved: a prepayment is among them, or they come to nothing that is owed to the customer."""
    issues = [
        Issue(
            code="PAYABLES_NO_CREDIT", message=f"{item.number} is a prepayment, which belongs to an open order. Leave it out.",
            pointer="/items", got=item.number,
        )
        for item in items
        if item.type == PREPAYMENT
    ]  # fmt: skip
    if amount <= 0 and not issues:
        shown = format_minor(-amount, items[0].currency)
        message = f"These items come to {shown} {items[0].currency}, which the customer owes. Only what is owed to the customer is moved."
        issues.append(Issue(code="PAYABLES_NO_CREDIT", message=message, pointer="/items", got=shown))
    return issues


def _view(document: BalanceTransfer, customer: str, vendor: str, number: str | None) -> messages.BalanceTransferView:
    return messages.BalanceTransferView(
        id=document.id, number=number, customer=customer, vendor=vendor, currency=document.currency,
        amount=format_minor(document.amount, document.currency), date=document.date, due_date=document.due_date,
        description=document.description, customer_item=document.customer_item_id, vendor_item=document.vendor_item_id,
        dimensions=dimension_values(document.item_dimensions.canonical),
    )  # fmt: skip


OPERATIONS = (
    Operation(
        name="payables.transfer_balance",
        summary="Move what a customer is owed to a vendor account",
        description="Receivables against payables in one voucher. The customer's items are settled; the vendor is paid like for any invoice.",
        effect="post",
        http=Http(method="POST", path="/balance-transfers", status=201),
        request=messages.TransferBalance,
        response=messages.BalanceTransferView,
        permission="payables.transfer_balance",
        handler=transfer_balance,
        example={"customer": "C0001", "items": [{"item": "CN-S001-000007"}]},
    ),
)
