"""Sales: orders, packing slips, invoices and credit notes; the cash-and-carry sale as one plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kassa.kernel import contributions as give
from kassa.kernel.plugins import hookimpl
from kassa.ledger.documents import Books
from kassa.ledger.facts import load_books
from kassa.sales import (
    amending,
    booking,
    changing,
    charge_codes,
    charging,
    delivering,
    deposits,
    documents,
    facts,
    gates,
    invoice_run,
    invoicing,
    models,
    pricing,
    rules,
    settings,
    sources,
    store,
    treating,
    workflow,
)
from kassa.sales.drafting import operations as drafting
from kassa.sales.drafting.handlers import check_no_other_edit
from kassa.sales.drafting.models import DraftRow
from kassa.sales.errors import CODES
from kassa.sales.importing import job as import_job
from kassa.sales.importing.reasons import FILE_CODES, REASONS
from kassa.sales.invariants import INVARIANTS
from kassa.sales.operations import OPERATIONS
from kassa.sales.permissions import PERMISSIONS, ROLES
from kassa.sales.source_invariants import SOURCE_INVARIANTS
from kassa.sales.splitting import SplitLine, lower_splits


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables and the counters of lines and charges."""
    return [
        give.Storage(name="sales", tables=(*models.TABLES, DraftRow)),
        give.Balance(
            name="sales.line",
            table=models.LineBalanceRow,
            key=("line_id",),
            amounts=(
                "ordered", "reserved", "picked", "delivered", "invoiced", "cancelled", "return_claimed", "credited", "delivered_cost",
                "invoiced_cost", "physical_cost",
            ),
            bounds={
                "deliverable": {"ordered": 1, "cancelled": -1, "delivered": -1},
                "invoiceable_goods": {"delivered": 1, "invoiced": -1},
                "invoiceable_service": {"ordered": 1, "cancelled": -1, "invoiced": -1},
                "returnable": {"invoiced": 1, "return_claimed": -1, "credited": -1},
                "claimed": {"return_claimed": 1},
            },
            rank=50,
            summary="How far an order line has come",
        ),
        give.Balance(
            name="sales.charge",
            table=models.OrderChargeRow,
            key=("document_id", "number"),
            amounts=("invoiced", "refunded"),
            bounds={"refundable": {"invoiced": 1, "refunded": -1}},
            # Above 100: behind the inserts, for a cash-and-carry sale invoices charges whose rows the same flush writes.
            rank=105,
            summary="What was invoiced of a charge, and given back of it",
            opens=False,
        ),
        give.Balance(
            name=sources.SOURCE,
            table=models.SourceRow,
            key=("document_id", "number"),
            amounts=("sold", "claimed", "valued", "discount", "net_discount", "net", "cost", "changes"),
            bounds={"returnable": {"sold": 1, "claimed": -1}},
            rank=52,
            summary="What was taken back of an invoice line",
        ),
        give.Balance(
            name=sources.SOURCE_TAX,
            table=models.SourceTaxRow,
            key=("document_id", "number", "code"),
            amounts=("amount",),
            # Above 100: behind the inserts, for the row of the invoice line may be opened by the same flush.
            rank=106,
            summary="What was taken back of the tax of an invoice line",
        ),
        give.Lowering(name="sales.split_line", effect=SplitLine, lower=lower_splits),
        *INVARIANTS,
        *SOURCE_INVARIANTS,
    ]  # fmt: skip


@hookimpl
def register_documents() -> Iterable[Any]:
    """Contribute orders, packing slips and invoices, and the type of the plain sale."""
    return [
        *settings.ORDER_TYPES,
        give.DocumentKind(
            name="order", summary="An order", document=documents.SalesOrder, states=workflow.ORDER_STATES,
            transitions=workflow.ORDER_TRANSITIONS, rank=10, rows=store.order_rows, load=store.load_orders,
            series="sales_order", shown_by="sales.read_order", stored=facts.orders,
            tables=(models.OrderRow, models.OrderLineRow, models.OrderTaxRow, models.OrderChargeRow, models.OrderChargeTaxRow),
        ),
        give.DocumentKind(
            name="packing_slip", summary="A packing slip", document=documents.PackingSlip, states=("posted",),
            transitions=workflow.PACKING_SLIP_TRANSITIONS, rank=20, rows=store.packing_slip_rows, load=store.load_packing_slips,
            tables=(models.PackingSlipRow, models.PackingSlipLineRow), series="packing_slip", chained=True,
        ),
        give.DocumentKind(
            name="invoice", summary="An invoice or credit note", document=documents.Invoice, states=("posted",),
            transitions=workflow.INVOICE_TRANSITIONS, rank=30, rows=store.invoice_rows, load=store.load_invoices,
            tables=(models.InvoiceRow, models.InvoiceLineRow, models.InvoiceTaxRow, models.InvoiceChargeRow),
            series=settings.INVOICE_SERIES, chained=True, shown_by="sales.read_invoice",
        ),
        give.Link(name="sales.delivers", summary="A packing slip is of an order", table=models.PackingSlipRow, other="order_id"),
        give.Link(name="sales.invoices", summary="An invoice is of an order", table=models.InvoiceLineRow, other="order_id"),
        give.Link(name="sales.charges", summary="An invoice charges what an order costs", table=models.InvoiceChargeRow, other="order_id"),
        give.Link(name="sales.takes_back", summary="An order takes back what an invoice sold", table=models.OrderLineRow, other="source_document_id"),
    ]  # fmt: skip


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute charge codes, settings, number series, permissions, roles and error codes."""
    return [
        *settings.CHARGE_CODES, settings.COST_OFFSET, *settings.SERIES, *settings.SETTINGS, *PERMISSIONS, *ROLES, *CODES, *REASONS, *FILE_CODES,
    ]  # fmt: skip


@hookimpl
def register_decisions() -> Iterable[Any]:
    """Ask the questions that plugins may answer about an order."""
    return [
        give.Question(name="treat_lines", summary="What posting each line does to money and goods.", default=treating.treat_lines, answers=Mapping),
        give.Question(
            name="eligible",
            summary="Which lines may not make a transition now (arguments: transition, batch), each with the issue that says why: one of "
            "severity skip is passed over with the reason, one of severity refuse holds the order back.",
            default=pricing.eligible,
            answers=Mapping,
        ),
        give.Question(
            name="deposit_to_apply",
            summary="How much of an order's deposits an invoice takes (argument: the invoice), in minor units.",
            default=deposits.deposit_to_apply,
            answers=int,
        ),
        give.Question(name="price", summary="The unit price of each line and where it comes from.", default=pricing.price_lines, answers=Mapping),
        give.Question(
            name="charge_part",
            summary="Which part of each charge of the header, by its number, an invoice takes (argument: quantities by line); all that is left where none is named.",
            default=charging.charge_part,
            answers=Mapping,
        ),
        give.Question(name="tax", summary="The tax rates of each tax group.", default=pricing.tax_rates, answers=Mapping),
    ]


def _rule(name: str, kind: str, transition: str, stage: give.Stage, run: Any, summary: str, **more: Any) -> give.Rule:
    return give.Rule(name=f"sales.{name}", kind=kind, transition=transition, stage=stage, run=run, summary=summary, **more)


def _gates() -> list[give.Rule]:
    """Give what can be told of a stored order before anybody says more."""
    return [
        *(
            _rule(f"left_to_{move}", "order", move, "check", gates.check_deliverable, "Something is left to deliver.", gate=True)
            for move in gates.DELIVERING
        ),
        *(
            _rule(f"left_to_{move}", "order", move, "check", gates.check_invoiceable, "Something is left to invoice.", gate=True)
            for move in gates.INVOICING
        ),
        _rule(
            "cancellable", "order", "cancel", "check", gates.check_cancellable, "Something is open, and nothing waits for its invoice.",
            gate=True, rules=("CO-42",),
        ),
        _rule("lines_open", "order", "cancel_part", "check", gates.check_open, "Something is open.", gate=True),
        _rule("no_other_edit", "order", "edit", "check", check_no_other_edit, "No other edit of it is going on.", gate=True),
        _rule("depositable", "order", "deposit", "check", deposits.check_depositable, "Somebody is owed it.", gate=True),
        _rule("deposit_to_clear", "order", "clear_deposit", "check", deposits.check_something_left, "Something is left.", gate=True),
    ]


@hookimpl
def register_rules() -> Iterable[Any]:
    """Contribute how orders are priced and checked, and how packing slips and invoices move and book."""
    return [
        give.Loader(name="sales.prices", facts=pricing.PriceFacts, load=facts.load_prices, kind="order", transition="create"),
        give.Loader(name="sales.order_books", facts=Books, load=load_books, kind="order", transition="create"),
        give.Loader(name="sales.packing_slip_books", facts=Books, load=load_books, kind="packing_slip"),
        give.Loader(name="sales.invoice_books", facts=Books, load=load_books, kind="invoice"),
        give.Loader(name="sales.stored", facts=changing.Stored, load=facts.load_stored, kind="order", transition="change"),
        _rule("change_bounds", "order", "change", "check", changing.check_change, "Nothing delivered or billed is undercut."),
        _rule("change_returnable", "order", "change", "check", sources.check_sources, "No more comes back than was sold.", rules=("RET-12",)),
        _rule("change_rows", "order", "change", "derived", changing.write_change, "What differs is written."),
        _rule("change_claims", "order", "change", "derived", sources.claim_sources, "What is taken back is claimed.", rules=("RET-12",)),
        _rule("treat", "order", "create", "lines", treating.shape_treatment, "Each line is told what posting it does.", shapes=True),
        _rule("price", "order", "create", "price", pricing.shape_prices, "Each line gets its price.", shapes=True),
        _rule(
            "sources", "order", "create", "price", sources.shape_sources, "What is taken back gets its share of its sale.", shapes=True,
            order=110, rules=("RET-11", "RET-13"),
        ),
        _rule("tax", "order", "create", "tax", pricing.shape_tax, "Net, taxes and total of each line.", shapes=True),
        _rule("total", "order", "create", "totals", pricing.shape_totals, "The order is added up.", shapes=True),
        _rule("lines", "order", "create", "check", rules.check_lines, "Quantities, prices and discounts are sound."),
        _rule("order", "order", "create", "check", rules.check_order, "Currency, charges and size are sound."),
        _rule("returnable", "order", "create", "check", sources.check_sources, "No more comes back than was sold.", rules=("RET-12",)),
        _rule("open_lines", "order", "create", "derived", rules.open_lines, "The counters of each line are opened."),
        _rule("claim_sources", "order", "create", "derived", sources.claim_sources, "What is taken back is claimed.", rules=("RET-12",)),
        *_gates(),
        _rule("slip_quantities", "packing_slip", "post", "check", delivering.check_quantities, "No more than is left to deliver."),
        _rule("slip_negative", "packing_slip", "post", "check", delivering.warn_negative, "A warning where stock becomes negative."),
        _rule("slip_cost", "packing_slip", "post", "cost", delivering.value_lines, "Goods are valued.", shapes=True, rules=("RET-13",)),
        _rule("slip_stock", "packing_slip", "post", "stock", delivering.move_goods, "Goods move physically."),
        _rule("slip_entries", "packing_slip", "post", "entries", delivering.book_physically, "Physical booking.", rules=("RET-40",)),
        _rule(
            "invoice_quantities", "invoice", "post", "check", invoicing.check_quantities, "No more than was delivered.", rules=("INV-10",)
        ),
        _rule("losses", "invoice", "post", "cost", invoicing.value_losses, "Goods that never come back are valued.", shapes=True),
        _rule("invoice_stock", "invoice", "post", "stock", invoicing.move_goods, "Goods move financially."),
        _rule("invoice_entries", "invoice", "post", "entries", booking.book, "Receivables, revenue, tax, cost.", rules=("INV-12",)),
        _rule(
            "invoice_physical", "invoice", "post", "entries", booking.reverse_physical, "Physical booking taken back.", rules=("INV-19",)
        ),
        _rule("invoice_open", "invoice", "post", "open_items", booking.open_item, "Opens on the account.", rules=("INV-14",)),
        _rule("invoice_settles", "invoice", "post", "settlements", booking.settle_items, "Open items are settled.", rules=("INV-15",)),
        _rule("apply_deposits", "invoice", "post", "entries", deposits.book_deposits, "Prepayments it takes.", rules=("CO-36",)),
        _rule("settle_deposits", "invoice", "post", "settlements", deposits.settle_deposits, "It settles with deposits."),
        _rule("deposit_left", "order", "invoice_all", "check", deposits.check_nothing_left, "No deposit is left."),
        _rule("deposit_left_cancelled", "order", "cancel", "check", deposits.check_nothing_left, "No deposit is left."),
    ]


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute selling, ordering, delivering and invoicing."""
    return [*OPERATIONS, *amending.OPERATIONS, *charge_codes.OPERATIONS, *drafting.OPERATIONS]


@hookimpl
def register_jobs() -> Iterable[Any]:
    """Contribute the import of sales, the invoice run, and when drafts expire."""
    return [*import_job.JOBS, *invoice_run.JOBS, drafting.EXPIRY]


@hookimpl
def register_events() -> Iterable[Any]:
    """Contribute the events of orders, packing slips and invoices."""
    return [
        give.EventType(name="sales.order_created", summary="An order was confirmed."),
        *settings.EVENTS,
        give.EventType(name="sales.order_cancelled", summary="An order was cancelled."),
        give.EventType(name="sales.packing_slip_posted", summary="Goods left or came in physically."),
        give.EventType(name="sales.invoice_posted", summary="An invoice or credit note was posted."),
    ]
