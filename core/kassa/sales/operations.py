"""Operations of sales."""

from __future__ import annotations

from kassa.kernel.contributions import Http, Operation
from kassa.kernel.jobs import JobView
from kassa.kernel.operations import page_of
from kassa.sales import listing, messages, posting
from kassa.sales.importing.job import start_import
from kassa.sales.importing.messages import ImportSales
from kassa.sales.invoice_run import InvoiceRun, start_run
from kassa.sales.selling import sell

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="sales.sell",
        summary="Sell and hand over",
        description="A cash-and-carry sale: the order, its packing slip, its invoice or credit note and its payments are posted together, or nothing is.",
        effect="post",
        http=Http(method="POST", path="/sales", status=201, location="/orders/{id}"),
        scope="acting_store",
        request=messages.Sell,
        response=messages.SaleView,
        permission="sales.sell",
        handler=sell,
        example={"store": "S001", "lines": [{"product": "85123A", "quantity": "2"}], "payments": [{"tender": "cash", "amount": "20.00"}]},
    ),
    Operation(
        name="sales.create_order",
        summary="Create an order",
        description="Confirms an order; goods and invoice follow by packing slip and invoice.",
        effect="post",
        http=Http(method="POST", path="/orders", status=201, location="/orders/{id}"),
        scope="acting_store",
        request=messages.CreateOrder,
        response=messages.OrderView,
        permission="sales.create_order",
        handler=posting.create_order,
        example={"store": "S001", "lines": [{"product": "85123A", "quantity": "6"}], "reference": "WEB-1001"},
    ),
    Operation(
        name="sales.list_orders",
        summary="List all sales orders",
        description="Orders of every type, newest first; this list is where invoices are made.",
        effect="read",
        http=Http(method="GET", path="/orders"),
        request=messages.ListOrders,
        response=page_of(messages.OrderSummaryView),
        permission="sales.read",
        handler=listing.list_orders,
        collection=True,
        rules=("INV-01", "INV-05"),
    ),
    Operation(
        name="sales.read_order",
        summary="Show an order",
        effect="read",
        http=Http(method="GET", path="/orders/{order}"),
        request=messages.OrderByKey,
        response=messages.OrderView,
        permission="sales.read",
        handler=listing.read_order,
    ),
    Operation(
        name="sales.post_packing_slip",
        summary="Post a packing slip",
        description="Goods of the order leave or come in physically.",
        effect="post",
        http=Http(method="POST", path="/orders/{order}/packing-slips", status=201),
        request=messages.PostPackingSlip,
        response=messages.PackingSlipView,
        permission="sales.post_packing_slip",
        handler=posting.post_packing_slip,
        on="order",
        steps=("order.deliver_part", "order.deliver_all", "packing_slip.post"),
        example={"order": "SO-S001-000001", "lines": [{"line": 1, "quantity": "2"}]},
    ),
    Operation(
        name="sales.post_invoices",
        summary="Invoice orders",
        description="Posts the invoices or credit notes of one or many orders; all of them or none. Look first with preview, change charges, dates "
        "and quantities, then confirm; with posting off it answers a pro forma. A document may be settled at once.",
        effect="post",
        http=Http(method="POST", path="/invoices", status=201),
        request=messages.PostInvoices,
        response=messages.InvoicesView,
        permission="sales.post_invoice",
        handler=posting.post_invoices,
        on="order",
        steps=("order.invoice_part", "order.invoice_all", "packing_slip.post", "invoice.post"),
        rules=("INV-02", "INV-03", "INV-06", "INV-07", "INV-08", "INV-10", "INV-11", "INV-12", "INV-13", "INV-14", "INV-15"),
        example={"orders": [{"order": "SO-S001-000001"}], "quantity_basis": "all"},
    ),
    Operation(
        name="sales.start_invoice_run",
        summary="Invoice all that was delivered",
        description="Makes a job that invoices every order that fits the filters, each by itself; those that cannot be invoiced are "
        "listed with the reason and left as they are. Look at the job for progress and results.",
        effect="post",
        http=Http(method="POST", path="/invoice-runs", status=202, location="/jobs/{id}"),
        request=InvoiceRun,
        response=JobView,
        permission="sales.post_invoice",
        handler=start_run,
        rules=("INV-04", "INV-10", "INV-18"),
        example={"until": "2026-12-31"},
    ),
    Operation(
        name="sales.start_import",
        summary="Start an import of sales",
        description="Makes the job; `kassa import sales` runs it. Only for the command line, since it names files of the machine.",
        effect="edit",
        request=ImportSales,
        response=JobView,
        permission="sales.import",
        handler=start_import,
    ),
    Operation(
        name="sales.list_invoices",
        summary="List invoices and credit notes",
        effect="read",
        http=Http(method="GET", path="/invoices"),
        request=messages.ListInvoices,
        response=page_of(messages.InvoiceSummaryView),
        permission="sales.read",
        handler=listing.list_invoices,
        collection=True,
    ),
    Operation(
        name="sales.read_invoice",
        summary="Show an invoice or credit note",
        effect="read",
        http=Http(method="GET", path="/invoices/{invoice}"),
        request=messages.InvoiceByKey,
        response=messages.InvoiceView,
        permission="sales.read",
        handler=listing.read_invoice,
    ),
)
