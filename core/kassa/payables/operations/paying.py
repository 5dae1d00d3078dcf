"""Paying vendors: the proposal, a run of payments for the bank, a payment made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.models import DocumentRow
from kassa.kernel.operations import Result
from kassa.kernel.plan import Require
from kassa.kernel.values import format_minor, new_id
from kassa.ledger.documents import OpenBalance
from kassa.ledger.facts import open_items
from kassa.ledger.settling import in_order
from kassa.org import facts as org
from kassa.org.documents import LegalEntity
from kassa.parties import facts as parties
from kassa.parties.models import VendorRow
from kassa.payables.documents import VENDOR, PaymentRun, VendorPayment
from kassa.payables.facts import paying_account
from kassa.payables.messages import payments as messages
from kassa.payables.operations.invoices import minor
from kassa.payables.proposals import Criteria, Payee, Proposal, propose

REFERENCES_SHOWN = 140


def propose_payments(request: messages.ProposePayments, context: Context) -> messages.ProposalView:
    """Show what would be paid, and what is left out for which reason."""
    account = paying_account(context, request.bank_account)
    criteria = _criteria(request, account, context)
    proposal = propose(context, criteria)
    return messages.ProposalView(
        bank_account=account.code, currency=account.currency, due_until=criteria.due_until,
        total=format_minor(sum(payee.amount for payee in proposal.payees), account.currency),
        payments=tuple(_proposed(payee, account.currency) for payee in proposal.payees), left_out=_left_out(proposal), more=proposal.more,
    )  # fmt: skip


def _criteria(request: messages.ProposePayments, account: messages.BankAccountView, context: Context) -> Criteria:
    entity = org.legal_entity(context)
    issues: list[Issue] = []
    minimum = minor(request.minimum, account.currency, "/minimum", issues) if request.minimum is not None else 0
    context.refuse(issues)
    vendors = None if request.vendors is None else [parties.vendor(context, reference).id for reference in request.vendors]
    return Criteria(
        legal_entity_id=entity.id, currency=account.currency, due_until=request.due_until or date_of(context.now, entity.time_zone),
        minimum=minimum, vendor_ids=vendors,
    )  # fmt: skip


def _proposed(payee: Payee, currency: str) -> messages.ProposedPaymentView:
    items = (*payee.credits, *payee.debits)
    return messages.ProposedPaymentView(
        vendor=payee.vendor.number, name=payee.vendor.name, iban=payee.account.iban, amount=format_minor(payee.amount, currency),
        items=tuple(
            messages.ProposedItemView(document=item.number, due_date=item.due_date, amount=format_minor(-item.open, currency)) for item in items
        ),
    )  # fmt: skip


def _left_out(proposal: Proposal) -> tuple[messages.LeftOutView, ...]:
    return tuple(
        messages.LeftOutView(vendor=found.vendor.number, document=found.document, code=found.code, message=found.message)
        for found in proposal.left_out
    )


def pay_vendors(command: messages.PayVendors, context: Context) -> Result:
    """Plan a run: one payment for each vendor of the proposal, booked at once; the file is made from it after the commit."""
    entity = org.legal_entity(context)
    account = paying_account(context, command.bank_account)
    proposal = propose(context, _criteria(command, account, context))
    if not proposal.payees:
        reasons = " ".join(f"{found.vendor.number}: {found.message}" for found in proposal.left_out)
        message = f"There is nothing to pay by these criteria. {reasons}".strip()
        context.refuse([Issue(code="PAYABLES_NOTHING_DUE", message=message, pointer="/due_until")])
    date = command.date or date_of(context.now, entity.time_zone)
    run = PaymentRun(
        id=new_id(), type="run", legal_entity_id=entity.id, store_id=None, register=context.actor.register or "office", state="new", date=date,
        occurred_at=context.now, bank_account_id=account.id, currency=account.currency, execution_date=command.execution_date or date,
        payments=len(proposal.payees), total=sum(payee.amount for payee in proposal.payees),
    )  # fmt: skip
    (posted,) = context.step("vendor_payment_run", "post", [run])
    drafts = [_payment(payee, run, account, entity) for payee in proposal.payees]
    payments = context.step("vendor_payment", "post", drafts)
    for payee in proposal.payees:
        context.plan.add(_still_payable(payee), rule="payables.pay_vendors", document_id=run.id)
    left_out = _left_out(proposal)
    return Result(
        view=lambda numbers: run_view(posted, account.code, payments, left_out, proposal.more, numbers), document_id=posted.id, version=1
    )


def _still_payable(payee: Payee) -> list[Any]:
    """Require that nobody holds the vendor, or an invoice that is paid, while the payments are on their way to the commit."""
    vendor = Require(VendorRow, {"id": payee.vendor.id}, {"on_hold": payee.vendor.on_hold})
    return [vendor, *(Require(DocumentRow, {"id": document_id}, {"state": "approved"}) for document_id in dict.fromkeys(payee.approved))]


def _payment(payee: Payee, run: PaymentRun, account: messages.BankAccountView, entity: LegalEntity) -> VendorPayment:
    item_id = new_id()
    named = ", ".join(item.number for item in (*payee.credits, *payee.debits) if item.number is not None)
    return VendorPayment(
        id=new_id(), type="payment", legal_entity_id=entity.id, store_id=None, register=run.register, state="new", date=run.date,
        occurred_at=run.occurred_at, party_id=payee.vendor.id, party_number=payee.vendor.number, run_id=run.id, bank_account_id=account.id,
        bank_account_code=account.code, method="file", currency=account.currency, amount=payee.amount, iban=payee.account.iban,
        bic=payee.account.bic, holder=payee.account.holder, reference=named[:REFERENCES_SHOWN] or payee.vendor.number, open_item_id=item_id,
        pairs=payee.pairs(item_id),
    )  # fmt: skip


def pay_vendor(command: messages.PayVendor, context: Context) -> Result:
    """Plan a payment that was made by hand: it settles what is named, in that order, else what is due first."""
    entity, vendor = org.legal_entity(context), parties.vendor(context, command.vendor)
    account = paying_account(context, command.bank_account, command.currency)
    issues: list[Issue] = []
    amount = minor(command.amount, account.currency, "/amount", issues)
    if not issues and amount <= 0:
        message = f"Expected an amount above 0; got {command.amount}."
        issues.append(Issue(code="PAYABLES_AMOUNT", message=message, pointer="/amount", got=str(command.amount)))
    items = [item for item in open_items(context, entity.id, VENDOR, vendor.id) if item.open < 0 and item.currency == account.currency]
    credits = _named(command.invoices, items, issues)
    context.refuse([*issues, *_held(credits, command.invoices, context)])
    item_id = new_id()
    draft = VendorPayment(
        id=new_id(), type="payment", legal_entity_id=entity.id, store_id=None, register=context.actor.register or "office", state="new",
        date=command.date or date_of(context.now, entity.time_zone), occurred_at=context.now, party_id=vendor.id, party_number=vendor.number,
        bank_account_id=account.id, bank_account_code=account.code, method="manual", currency=account.currency, amount=amount,
        reference=command.reference or vendor.number, open_item_id=item_id,
        pairs=tuple(in_order([(item_id, amount)], [(item.id, -item.open) for item in credits])),
    )  # fmt: skip
    (posted,) = context.step("vendor_payment", "post", [draft])
    return Result(view=lambda numbers: payment_view(posted, numbers.get(posted.id), 1), document_id=posted.id, version=1)


def _named(references: Sequence[str] | None, items: Sequence[OpenBalance], issues: list[Issue]) -> list[OpenBalance]:
    if references is None:
        return sorted(items, key=lambda item: (item.due_date, item.id))
    by_number: Mapping[str | None, OpenBalance] = {item.number: item for item in items} | {item.id: item for item in items}
    for place, reference in enumerate(references):
        if reference not in by_number:
            message = f"The vendor is owed nothing for {reference!r}. Look at the vendor's open items (payables.list_open_items)."
            issues.append(Issue(code="LEDGER_ITEM_NOT_OPEN", message=message, pointer=f"/invoices/{place}", got=reference))
    return [by_number[reference] for reference in dict.fromkeys(references) if reference in by_number]


def _held(credits: list[OpenBalance], named: Sequence[str] | None, context: Context) -> list[Issue]:
    """Refuse invoices that are held where they were named; pass over them where they were not."""
    ids = [item.document_id for item in credits]
    rows = context.read.rows_for("SELECT id FROM kernel_document WHERE id IN {keys} AND kind = 'vendor_invoice' AND state = 'held'", ids)
    held = {row[0] for row in rows}
    if named is None:
        credits[:] = [item for item in credits if item.document_id not in held]
        return []
    return [
        Issue(code="PAYABLES_INVOICE_HELD", message=f"{item.number} is held. Release it first.", pointer="/invoices", got=item.number)
        for item in credits
        if item.document_id in held
    ]


def payment_view(payment: VendorPayment, number: str | None, version: int) -> messages.VendorPaymentView:
    """Show a vendor payment."""
    state: Any = payment.state
    return messages.VendorPaymentView(
        id=payment.id, number=number, state=state, vendor=payment.party_number, bank_account=payment.bank_account_code,
        method=payment.method, date=payment.date, currency=payment.currency, amount=format_minor(payment.amount, payment.currency),
        iban=payment.iban, reference=payment.reference, run=payment.run_id, version=version,
    )  # fmt: skip


def run_view(
    run: PaymentRun, code: str, payments: Sequence[VendorPayment], left_out: tuple[messages.LeftOutView, ...], more: bool,
    numbers: Mapping[str, str],
) -> messages.PaymentRunView:  # fmt: skip
    """Show a run with its payments."""
    return messages.PaymentRunView(
        id=run.id, number=numbers.get(run.id), bank_account=code, currency=run.currency, execution_date=run.execution_date,
        total=format_minor(run.total, run.currency), payments=tuple(payment_view(found, numbers.get(found.id), found.version) for found in payments),
        left_out=left_out, more=more,
    )  # fmt: skip


OPERATIONS = (
    Operation(
        name="payables.propose_payments",
        summary="Propose payments to vendors",
        description="What is due up to a date, vendor by vendor, what they owe taken off. Who is on hold, held, below the minimum or without a bank "
        "account is left out with the reason.",
        effect="read",
        http=Http(method="GET", path="/vendor-payments/proposal"),
        request=messages.ProposePayments,
        response=messages.ProposalView,
        permission="payables.propose",
        handler=propose_payments,
    ),
    Operation(
        name="payables.pay_vendors",
        summary="Pay vendors by a file for the bank",
        description="Books one payment for each vendor of the proposal and settles what it pays. The file for the bank is made right after the commit.",
        effect="post",
        http=Http(method="POST", path="/vendor-payment-runs", status=201),
        request=messages.PayVendors,
        response=messages.PaymentRunView,
        permission="payables.pay_vendor",
        handler=pay_vendors,
        example={"bank_account": "MAIN", "due_until": "2026-11-30", "minimum": "10.00"},
    ),
    Operation(
        name="payables.pay_vendor",
        summary="Record a payment to a vendor made by hand",
        effect="post",
        http=Http(method="POST", path="/vendor-payments", status=201, location="/vendor-payments/{id}"),
        request=messages.PayVendor,
        response=messages.VendorPaymentView,
        permission="payables.pay_vendor",
        handler=pay_vendor,
        example={"vendor": "V-2001", "bank_account": "MAIN", "amount": "250.00", "reference": "Check 1044"},
    ),
)
