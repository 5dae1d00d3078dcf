"""Ordering: from a request to an order that is priced, checked and planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kassa.catalog import facts as catalog
from kassa.catalog.documents import Product
from kassa.kernel import extensions
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.extensions import Extended
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import find_document
from kassa.kernel.plan import Key
from kassa.kernel.schema.rejections import Findings
from kassa.kernel.values import currency, line_amount, new_id
from kassa.ledger.facts import books
from kassa.org import facts as org
from kassa.org.documents import Store
from kassa.parties import facts as parties
from kassa.parties.documents import Customer
from kassa.sales.documents import Charge, ChargeCategory, Invoice, InvoiceLine, SalesLine, SalesOrder, Source
from kassa.sales.messages import ChargeRequest, CreateOrder, LineRequest
from kassa.sales.rules import currency_issues
from kassa.sales.sources import find_sources
from kassa.stock.places import where_of

CHARGE_IS_THERE = "SELECT 1 FROM sales_order_charge WHERE document_id = ? AND number = ?"
FINANCIAL_STEPS = {"issue": 1, "receive": 1, "receive_and_issue": 2}
"""How many steps an invoice lets a lot make, by what posting does to its goods."""
HEADER = -1
"""The place of the order itself, beside those of its lines."""


def minor(amount: Decimal | None, exponent: int, pointer: str, issues: list[Issue]) -> int:
    """Turn a decimal amount into minor units; an amount with more decimals than its currency is an issue."""
    if amount is None:
        return 0
    scaled = amount.scaleb(exponent)
    whole = int(scaled)
    if whole != scaled:
        issues.append(
            Issue(
                code="SALES_AMOUNT_PLACES",
                message=f"Expected at most {exponent} decimals; got {amount}.",
                pointer=pointer,
                expected={"places": str(exponent)},
                got=str(amount),
            )
        )
    return whole


def build_order(command: CreateOrder, context: Any, store: Store, order_type: str = "sales") -> tuple[SalesOrder, Customer | None]:
    """Make the order that a request asks for; every unknown product and amount is reported at once."""
    issues: list[Issue] = []
    date = command.date or org.business_date(context, store, context.now)
    issues += org.closed_issues(store, date)
    extended = _extensions(command, context)
    customer = customer_of(command.customer, context, issues)
    store = _selling_in(command.currency, store, date, context, issues)
    products = catalog.products(context, [line.product for line in command.lines])
    named = {place: (asked.source.invoice, asked.source.line) for place, asked in enumerate(command.lines) if asked.source is not None}
    sources = find_sources(context, store.legal_entity_id, named, issues) if named else {}
    lines = tuple(
        line
        for place, asked in enumerate(command.lines)
        if (
            line := line_of(
                asked, place + 1, f"/lines/{place}", products.get(asked.product), store, extended.get(place, ()), context, issues, sources.get(place)
            )
        )
        is not None
    )
    charges = tuple(charge_of(asked, n + 1, f"/charges/{n}", store, context, issues) for n, asked in enumerate(command.charges))
    discount = minor(command.discount, store.exponent, "/discount", issues)
    context.refuse(issues)
    exempt = customer is not None and customer.tax_exempt
    order = SalesOrder(
        id=new_id(), type=order_type, legal_entity_id=store.legal_entity_id, store_id=store.id, register=context.actor.register or store.number,
        state="draft", date=date, occurred_at=context.now,
        customer_id=customer.id if customer is not None else None, party_type="customer" if customer is not None else "store",
        party_id=customer.billed_id if customer is not None else store.id, currency=store.currency, exponent=store.exponent,
        price_includes_tax=store.price_includes_tax and not exempt, warehouse_id=store.warehouse_id, store_number=store.number, lines=lines, charges=charges,
        discount_amount=discount, discount_rate=command.discount_rate or 0,
        keys=(Key("reference", command.reference),) if command.reference is not None else (), extensions=extended.get(HEADER, ()),
    )  # fmt: skip
    return order, customer


def _selling_in(code: str | None, store: Store, date: str, context: Any, issues: list[Issue]) -> Store:
    """Give the store with the currency in which it shall sell; its own where none is asked for, or none counts."""
    if code is None or code == store.currency:
        return store
    found = list(currency_issues(code, date, books(context, store.legal_entity_id)))
    issues += found
    return store if found else evolve(store, currency=code, exponent=currency(code).exponent)


def _extensions(command: CreateOrder, context: Any) -> dict[int, tuple[Extended, ...]]:
    """Read what is given for extensions, by place of the line; InvalidInput names everything that does not fit."""
    findings = Findings()
    found = {}
    if command.extensions:
        found[HEADER] = extensions.read(context.registry, SalesOrder, command.extensions, "/extensions", findings)
    for place, asked in enumerate(command.lines):
        if asked.extensions:
            found[place] = extensions.read(context.registry, SalesLine, asked.extensions, f"/lines/{place}/extensions", findings)
    if findings.issues:
        raise findings.error()
    return found


def customer_of(number: str | None, context: Any, issues: list[Issue]) -> Customer | None:
    """Find the customer of an order by number or id; one who is unknown or blocked is an issue."""
    if number is None:
        return None
    found = parties.customers(context, (number,)).get(number)
    if found is None:
        issues.append(
            Issue(
                code="SALES_CUSTOMER_UNKNOWN",
                message=f"No customer of this legal entity has the number {number!r}.",
                pointer="/customer",
                got=number,
                action="Look the customer up, or create it.",
            )
        )
        return None
    concerned = [found] if found.invoice_account_id is None else [found, parties.customer(context, found.invoice_account_id)]
    issues += blocked_customers(concerned, "/customer")
    return found


def blocked_customers(customers: Iterable[Customer], pointer: str) -> list[Issue]:
    """Find those of some customers who may neither order nor be invoiced."""
    return [
        Issue(code="SALES_CUSTOMER_BLOCKED", message=f"Customer {found.number} {found.name} is blocked.", pointer=pointer, got=found.blocked)
        for found in customers
        if found.blocked != "none"
    ]


def line_of(
    asked: LineRequest, number: int, at: str, product: Product | None, store: Store, extended: tuple[Extended, ...], context: Any,
    issues: list[Issue], source: Source | None = None,
) -> SalesLine | None:  # fmt: skip
    """Make the line that a request asks for at a place of it, with the source that it names; None where its product is unknown."""
    if product is None:
        issues.append(
            Issue(
                code="SALES_PRODUCT_UNKNOWN",
                message=f"No product has the number or barcode {asked.product!r}.",
                pointer=f"{at}/product",
                got=asked.product,
                action="Look it up by products/search, or create it.",
            )
        )
        return None
    issues += not_released(product, f"{at}/product")
    if asked.discount is not None and asked.discount_rate is not None:
        message = f"Line {number} has a discount by amount and one by rate. Give one of them."
        issues.append(Issue(code="SALES_DISCOUNT_TWICE", message=message, pointer=f"{at}/discount"))
    elif asked.source is not None and (asked.discount is not None or asked.discount_rate is not None):
        message = f"Line {number}: the discount is that of the sale. Leave it out."
        issues.append(Issue(code="SALES_SOURCE_PRICE", message=message, pointer=f"{at}/discount"))
    return SalesLine(
        id=new_id(), number=number, product_id=product.id, product_number=product.number, description=asked.description or product.name,
        quantity=asked.quantity, given_price=asked.unit_price, price_reason=asked.price_reason,
        discount=minor(asked.discount, store.exponent, f"{at}/discount", issues), discount_rate=asked.discount_rate or 0,
        discount_origin="manual" if asked.discount is not None or asked.discount_rate is not None else "",
        tax_group=product.tax_group or "", stocked=product.stocked, post_physical=product.post_physical, standard_cost=product.standard_cost,
        costing=product.costing, negative_stock=product.negative_stock,
        warehouse_id=warehouse_of(asked.warehouse, asked.quantity, at, store, context, issues), source=source,
        given_cost=_given_cost(asked, store, context), extensions=extended,
    )  # fmt: skip


def warehouse_of(code: str | None, quantity: int, at: str, store: Store, context: Any, issues: list[Issue]) -> str:
    """Give the id of the warehouse that a line names, else of the store's; one whose goods are not for sale is an issue.

    Goods may leave from any store or warehouse of the legal entity; they come back to where the worker may act.
    """
    if code is None:
        return store.warehouse_id
    try:
        found = org.warehouse(context, code) if quantity > 0 else where_of(context, code, None).warehouse
    except NotFound:
        found = None
    if found is not None and (quantity < 0 or found.kind != "quarantine"):
        return found.id
    message = f"No warehouse {code!r} of this legal entity " + ("sells goods." if quantity > 0 else "takes goods back from you.")
    issues.append(Issue(code="SALES_WAREHOUSE_UNFIT", message=message, pointer=f"{at}/warehouse", got=code))
    return store.warehouse_id


def _given_cost(asked: LineRequest, store: Store, context: Any) -> int | None:
    """Give the cost at which a line comes back where one was entered, with the sign of the line: minor units of the books, whatever it sells in."""
    if asked.unit_cost is None:
        return None
    return line_amount(asked.quantity, asked.unit_cost, org.legal_entity(context, store.legal_entity_id).exponent)


def not_released(product: Product, pointer: str) -> list[Issue]:
    """Find that a product may not be sold in this legal entity."""
    if product.released and not product.blocked:
        return []
    state = "a master; sell one of its variants" if product.is_master else "blocked" if product.blocked else "not released"
    message = f"Product {product.number} is {state} in this legal entity."
    return [Issue(code="SALES_PRODUCT_NOT_RELEASED", message=message, pointer=pointer, got=product.number)]


def charge_of(asked: ChargeRequest, number: int, at: str, store: Store, context: Any, issues: list[Issue]) -> Charge:
    """Make the charge that a request asks for at a place of it: one of amount, rate and amount a piece."""
    if sum(given is not None for given in (asked.amount, asked.rate, asked.per_piece)) != 1:
        message = f"The charge {asked.code} needs an amount, a rate or an amount for each piece: one of them."
        issues.append(Issue(code="SALES_CHARGE_AMOUNT", message=message, pointer=f"{at}/amount"))
    category: ChargeCategory = "percent" if asked.rate is not None else "pieces" if asked.per_piece is not None else "fixed"
    source = None
    if asked.refund_of is not None:
        order_id = find_document(context.read, "order", store.legal_entity_id, asked.refund_of.order)
        source = (order_id, asked.refund_of.charge)
        if context.read.row(CHARGE_IS_THERE, source) is None:
            message = f"The order {asked.refund_of.order} has no charge {asked.refund_of.charge}."
            issues.append(Issue(code="SALES_CHARGE_NOT_THERE", message=message, pointer=f"{at}/refund_of/charge"))
    return Charge(
        number=number, line_number=asked.line, code=asked.code, category=category,
        value=asked.rate if asked.rate is not None else asked.per_piece, refund_of=source,
        amount=minor(asked.amount, store.exponent, f"{at}/amount", issues),
    )  # fmt: skip


def follow(context: Any, order: SalesOrder, invoice: Invoice | None = None) -> SalesOrder:
    """Move the header of an order after its lines were delivered (as `order` shows) or invoiced (by `invoice`)."""
    billed = {line.order_line.id: abs(line.quantity) for line in invoice.lines} if invoice is not None else {}
    charged = {charge.order_number: charge.amount for charge in invoice.charges if charge.order_id == order.id} if invoice is not None else {}
    after = _billed(order, invoice, charged) if invoice is not None else order
    (moved,) = context.step("order", header_move(order, billed, charged), [after], gates=False)
    result: SalesOrder = moved
    return result


def _billed(order: SalesOrder, invoice: Invoice, charged: Mapping[int, int]) -> SalesOrder:
    """Show an order as an invoice leaves it."""
    taken = {line.order_line.id: line for line in invoice.lines}
    lines = tuple(_billed_line(line, taken[line.id]) if line.id in taken else line for line in order.lines)
    charges = tuple(evolve(found, invoiced=found.invoiced + charged.get(found.number, 0)) for found in order.charges)
    return evolve(order, lines=lines, charges=charges)


def _billed_line(line: SalesLine, billed: InvoiceLine) -> SalesLine:
    counters, steps = line.counters, FINANCIAL_STEPS.get(line.treatment.goods, 0)
    counted = evolve(
        counters, invoiced=counters.invoiced + abs(billed.quantity), invoiced_cost=counters.invoiced_cost + billed.cost,
        physical_cost=counters.physical_cost - billed.physical_cost,
    )  # fmt: skip
    return evolve(line, sequence=line.sequence + steps, counters=counted)


def header_move(order: SalesOrder, billed: Mapping[str, int], charged: Mapping[int, int]) -> str:
    """Tell how the header follows its lines: which transition fits what was delivered and invoiced.

    `billed` is what an invoice takes by id of the line, `charged` by number of the charge.
    """
    open_charges = any(charge.invoiced + charged.get(charge.number, 0) != charge.amount for charge in order.charges)
    if not open_charges and all(_done(line, line.counters.invoiced + billed.get(line.id, 0)) for line in order.lines):
        return "invoice_all"
    begun = any(line.counters.invoiced for line in order.lines) or any(charge.invoiced for charge in order.charges)
    if billed or charged or begun:
        return "invoice_part"
    if all(line.treatment.goods == "none" or _done(line, line.counters.delivered) for line in order.lines):
        return "deliver_all"
    return "deliver_part"


def _done(line: SalesLine, quantity: int) -> bool:
    return quantity + line.counters.cancelled >= abs(line.quantity)


def quantities_of(lines: Sequence[Any] | None) -> dict[int, int] | None:
    """Read a choice of quantities by line number; None means all."""
    return None if lines is None else {line.line: line.quantity for line in lines}
