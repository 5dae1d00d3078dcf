"""Posting imported documents: sales through the same steps as any sale, stock corrections as stock adjustments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kassa.catalog import facts as catalog
from kassa.catalog.documents import Product
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.jobs import ItemResult, each
from kassa.kernel.plan import Key
from kassa.kernel.values import new_id
from kassa.org.documents import Store
from kassa.parties import facts as parties
from kassa.payments.documents import Payment, SettledItem
from kassa.sales.delivering import after_delivery, packing_slip_of
from kassa.sales.documents import Invoice, SalesLine, SalesOrder
from kassa.sales.importing.documents import ImportedValue, SalesDocument, SalesLineRow, SourceDocument, StockCorrection
from kassa.sales.importing.mapping import SalesMapping
from kassa.sales.invoicing import invoice_of
from kassa.sales.ordering import follow
from kassa.stock.documents import Adjustment, AdjustmentLine
from kassa.stock.facts import prefetch

SOURCE_KEY = "source"
KNOWN = "SELECT value FROM kernel_document_key WHERE legal_entity_id = ? AND identifying AND value IN {keys}"


class Batch:
    """What the documents of one chunk need, looked up together."""

    def __init__(
        self, values: Sequence[ImportedValue], mapping: SalesMapping, store: Store, context: Any,
        kinds: tuple[type[Any], ...] = (SalesDocument, StockCorrection),
    ) -> None:  # fmt: skip
        self.context, self.mapping, self.store = context, mapping, store
        found: list[Any] = [value for value in values if isinstance(value, kinds)]
        keys = [value.natural_key for value in found]
        known = {row[0] for row in context.read.rows_for(KNOWN, keys, (store.legal_entity_id,))} if keys else set()
        self.documents = [value for value in found if value.natural_key not in known]
        self.known = len(found) - len(self.documents)
        codes = list(dict.fromkeys(line.product_code for value in self.documents for line in value.lines))
        self.products: Mapping[str, Product] = catalog.products(context, codes)
        names = list(dict.fromkeys(v.customer for v in self.documents if not isinstance(v, StockCorrection) and v.customer is not None))
        self.customers = parties.customers(context, names) if names else {}
        prefetch(context, [(product.id, store.warehouse_id) for product in self.products.values() if product.stocked])

    def post(self, post_one: Callable[[Any], str] | None = None) -> list[ItemResult]:
        """Plan every document as a case of its own; an import of another owner says how."""
        return each(self.context, self.documents, lambda value: value.natural_key, post_one or self._post_one)

    def _post_one(self, value: SalesDocument | StockCorrection) -> str:
        return post_sale(value, self) if isinstance(value, SalesDocument) else post_correction(value, self)

    def product(self, code: str, line_number: int) -> Product:
        """Give the product of a code; Refused where there is none."""
        found = self.products.get(code)
        if found is None:
            raise Refused(
                (Issue(code="SALES_PRODUCT_UNKNOWN", message=f"Line {line_number}: no product has the number {code!r}.", got=code),)
            )
        return found

    def keys(self, value: SourceDocument) -> tuple[Key, ...]:
        """Give the keys of an imported document: the natural one, which is unique, and the number in its source."""
        return (Key(SOURCE_KEY, value.natural_key), Key("source_number", value.number, identifying=False))


def post_sale(value: SalesDocument, batch: Batch) -> str:
    """Post an imported sale: order, packing slip, invoice and, where the mapping names a tender, payment."""
    context = batch.context
    (order,) = context.step("order", "create", [_order(value, batch)])
    return post_order(order, batch)


def post_order(order: SalesOrder, batch: Batch) -> str:
    """Post an imported order that this plan makes to its end: packing slip, invoice or credit note, and its payment by the mapping's tender.

    A credit note is paid out by it. Gives the id of the order.
    """
    context = batch.context
    slip = packing_slip_of(context, order)
    delivered = order
    if slip is not None:
        (slip,) = context.step("packing_slip", "post", [slip])
        delivered = after_delivery(order, slip)
    invoice = invoice_of([delivered])
    if invoice is None:
        raise Refused((Issue(code="INV_NOTHING_TO_POST", message="The document has no line to invoice."),))
    (invoice,) = context.step("invoice", "post", [invoice])
    follow(context, delivered, invoice)
    if batch.mapping.tender is not None and invoice.total:
        context.step("payment", "post", [_payment(batch.mapping.tender, invoice, order)])
    order_id: str = order.id
    return order_id


def _order(value: SalesDocument, batch: Batch) -> SalesOrder:
    store = batch.store
    customer = batch.customers.get(value.customer) if value.customer is not None else None
    return SalesOrder(
        id=new_id(), type="sales", legal_entity_id=store.legal_entity_id, store_id=store.id, register=store.number, state="draft",
        date=value.local_date, occurred_at=value.occurred_at, keys=batch.keys(value),
        customer_id=customer.id if customer is not None else None, party_type="customer" if customer is not None else "store",
        party_id=customer.billed_id if customer is not None else store.id, currency=value.currency, exponent=store.exponent,
        price_includes_tax=store.price_includes_tax, warehouse_id=store.warehouse_id, store_number=store.number,
        lines=tuple(_line(row, number, batch) for number, row in enumerate(value.lines, 1)),
    )  # fmt: skip


def _line(row: SalesLineRow, number: int, batch: Batch) -> SalesLine:
    product = batch.product(row.product_code, row.line_number)
    return SalesLine(
        id=new_id(), number=number, product_id=product.id, product_number=product.number, description=row.description or product.name,
        quantity=row.quantity, given_price=row.unit_price, tax_group=product.tax_group or "", stocked=product.stocked,
        post_physical=product.post_physical, standard_cost=product.standard_cost, costing=product.costing,
        negative_stock=product.negative_stock, warehouse_id=batch.store.warehouse_id,
    )  # fmt: skip


def _payment(tender: str, invoice: Invoice, order: SalesOrder) -> Payment:
    return Payment(
        id=new_id(), type="payment", legal_entity_id=order.legal_entity_id, store_id=order.store_id, register=order.register, state="new",
        date=order.date, occurred_at=order.occurred_at, tender=tender, currency=order.currency, amount=invoice.total,
        party_type=order.party_type, party_id=order.party_id, store_number=order.store_number, open_item_id=new_id(),
        settles=(SettledItem(invoice.open_item_id, abs(invoice.total)),),
    )  # fmt: skip


def post_correction(value: StockCorrection, batch: Batch) -> str:
    """Post an imported stock correction as an adjustment."""
    lines = []
    for number, row in enumerate(value.lines, 1):
        product = batch.product(row.product_code, row.line_number)
        lines.append(
            AdjustmentLine(
                number=number, lot_id=new_id(), product_id=product.id, product_number=product.number, quantity=row.quantity,
                standard_cost=product.standard_cost, costing=product.costing, negative_stock=product.negative_stock,
            )
        )  # fmt: skip
    note = "; ".join(dict.fromkeys(row.remark for row in value.lines if row.remark))
    return adjust(
        tuple(lines), "correction", value.local_date, value.occurred_at, batch.store, batch.context, batch.keys(value), note[:200] or None
    )


def adjust(
    lines: tuple[AdjustmentLine, ...],
    reason: str,
    date: str,
    occurred_at: int,
    store: Store,
    context: Any,
    keys: tuple[Key, ...],
    note: str | None = None,
) -> str:
    """Post a stock adjustment of a store's warehouse; returns its id."""
    document = Adjustment(
        id=new_id(), type=reason, legal_entity_id=store.legal_entity_id, store_id=store.id, register=store.number, state="new", date=date,
        occurred_at=occurred_at, keys=keys, warehouse_id=store.warehouse_id, store_number=store.number, exponent=store.exponent,
        reason=reason, note=note, lines=lines,
    )  # fmt: skip
    context.step("stock_adjustment", "post", [document])
    return document.id
