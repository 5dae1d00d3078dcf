"""Vendor invoices: post, hold, release."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kassa.kernel import keys
from kassa.kernel.clock import add_days, date_of
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.operations import Result
from kassa.kernel.plan import Key
from kassa.kernel.values import format_minor, minor_of, new_id
from kassa.ledger.dimensions import dimensions_of, value_issues
from kassa.ledger.documents import dimension_values
from kassa.ledger.facts import books
from kassa.ledger.operations.accounts import accounts
from kassa.ledger.operations.journals import account_issues, control_accounts
from kassa.org import facts as org
from kassa.org.editing import check_seen
from kassa.parties import facts as parties
from kassa.payables.documents import VendorInvoice, VendorInvoiceLine
from kassa.payables.facts import dimension_items
from kassa.payables.messages import invoices as messages
from kassa.payables.store import load_invoices

HELD = "SELECT document_id FROM kernel_document_key WHERE legal_entity_id = ? AND value = ? AND identifying AND name = 'vendor_invoice'"
OPEN = 'SELECT document_id, sum("open") FROM ledger_open_item WHERE document_id IN {keys} GROUP BY document_id'


def post_vendor_invoice(command: messages.PostVendorInvoice, context: Context) -> Result:
    """Plan a vendor invoice, or a vendor credit note where its total is negative; held where it waits for approval."""
    entity, vendor = org.legal_entity(context), parties.vendor(context, command.vendor)
    date = command.date or date_of(context.now, entity.time_zone)
    issues: list[Issue] = list(value_issues(command.dimensions or {}, books(context, entity.id), context, "/dimensions"))
    known = _known_key(command, vendor.id, entity.id, context, issues)
    draft = VendorInvoice(
        id=new_id(), type="invoice", legal_entity_id=entity.id, store_id=None, register=context.actor.register or "office", state="new",
        date=date, occurred_at=context.now, keys=known, party_id=vendor.id, party_number=vendor.number,
        currency=command.currency or vendor.currency, invoice_number=command.invoice_number, description=command.description,
        due_date=command.due_date or add_days(date, vendor.due_days), total=0, open_item_id=new_id(),
        dimensions=dimension_items(command.dimensions), lines=(),
    )  # fmt: skip
    lines = _lines(command, draft, context, issues)
    context.refuse(issues)
    total = sum(line.amount for line in lines)
    draft = evolve(draft, lines=lines, total=total, type="invoice" if total >= 0 else "credit_note")
    (posted,) = context.step("vendor_invoice", "post", [draft])
    if command.hold:
        (posted,) = context.step("vendor_invoice", "hold", [posted])
    return Result(view=lambda numbers: invoice_view(posted, -posted.total, numbers.get(posted.id), 1), document_id=posted.id, version=1)


def _known_key(
    command: messages.PostVendorInvoice, vendor_id: str, entity_id: str, context: Context, issues: list[Issue]
) -> tuple[Key, ...]:
    """Make the key by which an invoice is entered once; its own number as the vendor writes it finds it too."""
    if command.invoice_number is None:
        return ()
    identifying = Key("vendor_invoice", f"{vendor_id}/{command.invoice_number}")
    known = context.read.value(HELD, (entity_id, identifying.value))
    if known is not None:
        number = keys.numbers_of(context.read, [known]).get(known, known)
        message = f"Invoice {command.invoice_number} of this vendor was entered already, as {number}."
        issues.append(Issue(code="PAYABLES_INVOICE_KNOWN", message=message, pointer="/invoice_number", got=command.invoice_number))
    return identifying, Key("reference", command.invoice_number, identifying=False)


def _lines(
    command: messages.PostVendorInvoice, draft: VendorInvoice, context: Context, issues: list[Issue]
) -> tuple[VendorInvoiceLine, ...]:
    known, controlled = books(context, draft.legal_entity_id), control_accounts(context, draft.legal_entity_id)
    found = accounts(context, [asked.account for asked in command.lines])
    lines = []
    for place, asked in enumerate(command.lines):
        at = f"/lines/{place}"
        account = found.get(asked.account)
        issues += account_issues(asked.account, account.id if account is not None else None, controlled, f"{at}/account")
        issues += value_issues(asked.dimensions or {}, known, context, f"{at}/dimensions")
        lines.append(
            VendorInvoiceLine(
                number=place + 1, account_id=account.id if account is not None else "",
                account_number=account.number if account is not None else asked.account,
                amount=minor(asked.amount, draft.currency, f"{at}/amount", issues),
                dimensions=dimensions_of(draft, context, line=dimension_items(asked.dimensions)), text=asked.text,
            )
        )  # fmt: skip
    return tuple(lines)


def minor(amount: Decimal, currency: str, pointer: str, issues: list[Issue]) -> int:
    """Turn a decimal amount into minor units; what cannot be kept is an issue."""
    try:
        return minor_of(amount, currency)
    except ValueError as error:
        issues.append(Issue(code="PAYABLES_AMOUNT", message=f"{error}", pointer=pointer, got=str(amount)))
        return 0


def invoice_view(invoice: VendorInvoice, left: int, number: str | None, version: int) -> messages.VendorInvoiceView:
    """Show a vendor invoice; `left` is what is open of its item, credit negative."""
    code = invoice.currency
    state: Any = invoice.state
    return messages.VendorInvoiceView(
        id=invoice.id, number=number, type=invoice.type, state=state, vendor=invoice.party_number, invoice_number=invoice.invoice_number,
        description=invoice.description, date=invoice.date, due_date=invoice.due_date, currency=code, total=format_minor(invoice.total, code),
        open=format_minor(-left, code),
        lines=tuple(
            messages.VendorInvoiceLineView(
                line=line.number, account=line.account_number, amount=format_minor(line.amount, code),
                dimensions=dimension_values(line.dimensions.canonical), text=line.text,
            )
            for line in invoice.lines
        ),
        version=version,
    )  # fmt: skip


def read_invoice(reference: str, context: Context) -> VendorInvoice:
    """Read a vendor invoice by any of its keys or its id; NotFound, AmbiguousKey."""
    found = keys.find_document(context.read, "vendor_invoice", org.legal_entity(context).id, reference)
    return load_invoices(context.read, [found])[found]


def read_vendor_invoice(request: messages.ReadVendorInvoice, context: Context) -> messages.VendorInvoiceView:
    """Show one vendor invoice."""
    invoice = read_invoice(request.invoice, context)
    return _shown(invoice, context)


def _shown(invoice: VendorInvoice, context: Context) -> messages.VendorInvoiceView:
    left: Mapping[str, int] = {row[0]: int(row[1]) for row in context.read.rows_for(OPEN, [invoice.id])}
    numbers = keys.numbers_of(context.read, [invoice.id])
    return invoice_view(invoice, left.get(invoice.id, 0), numbers.get(invoice.id), invoice.version)


def hold_vendor_invoice(command: messages.ReadVendorInvoice, context: Context) -> Result:
    """Plan that an invoice is not paid until it is released."""
    return _move(command.invoice, "hold", context)


def release_vendor_invoice(command: messages.ReadVendorInvoice, context: Context) -> Result:
    """Plan that an invoice may be paid."""
    return _move(command.invoice, "approve", context)


def _move(reference: str, transition: str, context: Context) -> Result:
    present = read_invoice(reference, context)
    check_seen(context, "The vendor invoice", present.version)
    (moved,) = context.step("vendor_invoice", transition, [present])
    view = _shown(evolve(moved, version=present.version + 1), context)
    return Result(view=lambda numbers: view, document_id=moved.id, version=view.version)


OPERATIONS = (
    Operation(
        name="payables.post_vendor_invoice",
        summary="Post a vendor invoice or vendor credit note",
        description="Lines on accounts that no subledger explains, against payables; an open item of the vendor. A negative total makes it a credit note.",
        effect="post",
        http=Http(method="POST", path="/vendor-invoices", status=201, location="/vendor-invoices/{id}"),
        request=messages.PostVendorInvoice,
        response=messages.VendorInvoiceView,
        permission="payables.post_invoice",
        handler=post_vendor_invoice,
        example={"vendor": "V-2001", "invoice_number": "2026-0815", "lines": [{"account": "5100", "amount": "250.00"}]},
    ),
    Operation(
        name="payables.read_vendor_invoice",
        summary="Read a vendor invoice",
        effect="read",
        http=Http(method="GET", path="/vendor-invoices/{invoice}"),
        request=messages.ReadVendorInvoice,
        response=messages.VendorInvoiceView,
        permission="payables.read",
        handler=read_vendor_invoice,
    ),
    Operation(
        name="payables.hold_vendor_invoice",
        summary="Hold a vendor invoice",
        description="It stays booked, and no proposal pays it until it is released.",
        effect="post",
        http=Http(method="POST", path="/vendor-invoices/{invoice}/hold"),
        request=messages.ReadVendorInvoice,
        response=messages.VendorInvoiceView,
        permission="payables.hold_invoice",
        handler=hold_vendor_invoice,
        on="vendor_invoice",
        steps=("vendor_invoice.hold",),
        example={},
    ),
    Operation(
        name="payables.release_vendor_invoice",
        summary="Release a vendor invoice for payment",
        effect="post",
        http=Http(method="POST", path="/vendor-invoices/{invoice}/release"),
        request=messages.ReadVendorInvoice,
        response=messages.VendorInvoiceView,
        permission="payables.hold_invoice",
        handler=release_vendor_invoice,
        on="vendor_invoice",
        steps=("vendor_invoice.approve",),
        example={},
    ),
)
