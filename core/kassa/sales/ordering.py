"""Ordering: from a request to an order that is priced, checked and planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from typing import Any

from kassa.catalog import facts as catalog
from kassa.catalog.documents import Product
from kassa.kernel import extensions
from kassa.kernel.errors import Issue
from kassa.kernel.extensions import Extended
from kassa.kernel.plan import Key
from kassa.kernel.schema.rejections import Findings
from kassa.kernel.values import currency, new_id
from kassa.ledger.facts import books
from kassa.org import facts as org
from kassa.org.documents import Store
from kassa.parties import facts as parties
from kassa.parties.documents import Customer
from kassa.sales.documents import Charge, Invoice, SalesLine, SalesOrder
from kassa.sales.messages import CreateOrder, LineRequest
from kassa.sales.rules import currency_issues

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
    if store.status != "open":
        issues.append(
            Issue(code="SALES_STORE_CLOSED", message=f"Store {store.number} {store.name} is closed.", pointer="/store", got=store.status)
        )
    extended = _extensions(command, context)
    customer = _customer(command, context, issues)
    date = command.date or org.business_date(context, store, context.now)
    code, exponent = _currency(command, store, date, context, issues)
    products = catalog.products(context, [line.product for line in command.lines])
    lines = tuple(
        line
        for place, asked in enumerate(command.lines)
        if (line := _line(asked, place, products.get(asked.product), store, exponent, extended.get(place, ()), issues)) is not None
    )
    charges = tuple(
        Charge(number=place + 1, code=asked.code, amount=minor(asked.amount, exponent, f"/charges/{place}/amount", issues))
        for place, asked in enumerate(command.charges)
    )
    context.refuse(issues)
    order = SalesOrder(
        id=new_id(), type=order_type, legal_entity_id=store.legal_entity_id, store_id=store.id, register=context.actor.register or store.number,
        state="draft", date=date, occurred_at=context.now,
        customer_id=customer.id if customer is not None else None, party_type="customer" if customer is not None else "store",
        party_id=(customer.invoice_account_id or customer.id) if customer is not None else store.id, currency=code, exponent=exponent,
        price_includes_tax=store.price_includes_tax, warehouse_id=store.warehouse_id, store_number=store.number, lines=lines, charges=charges,
        keys=(Key("reference", command.reference),) if command.reference is not None else (), extensions=extended.get(HEADER, ()),
    )  # fmt: skip
    return order, customer


def _currency(command: CreateOrder, store: Store, date: str, context: Any, issues: list[Issue]) -> tuple[str, int]:
    """Give the currency of the order and the decimals of its minor unit; that of the store where none is asked for."""
    if command.currency is None or command.currency == store.currency:
        return store.currency, store.exponent
    found = list(currency_issues(command.currency, date, books(context, store.legal_entity_id)))
    issues += found
    return (store.currency, store.exponent) if found else (command.currency, currency(command.currency).exponent)


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


def _customer(command: CreateOrder, context: Any, issues: list[Issue]) -> Customer | None:
    if command.customer is None:
        return None
    found = parties.customers(context, (command.customer,)).get(command.customer)
    if found is None:
        issues.append(
            Issue(
                code="SALES_CUSTOMER_UNKNOWN",
                message=f"No customer of this legal entity has the number {command.customer!r}.",
                pointer="/customer",
                got=command.customer,
                action="Look the customer up, or create it.",
            )
        )
        return None
    billed = found.invoice_account_id
    issues += blocked_customers(context, [command.customer, *([billed] if billed is not None else [])], "/customer")
    return found


def blocked_customers(context: Any, references: Sequence[str], pointer: str) -> list[Issue]:
    """Find those of some customers, by number or id, that may neither order nor be invoiced."""
    return [
        Issue(
            code="SALES_CUSTOMER_BLOCKED",
            message=f"Customer {found.number} {found.name} is blocked.",
            pointer=pointer,
            got=found.blocked,
        )
        for found in parties.customers(context, references).values()
        if found.blocked != "none"
    ]


def _line(
    asked: LineRequest, place: int, product: Product | None, store: Store, exponent: int, extended: tuple[Extended, ...], issues: list[Issue]
) -> SalesLine | None:
    if product is None:
        issues.append(
            Issue(
                code="SALES_PRODUCT_UNKNOWN",
                message=f"No product has the number or barcode {asked.product!r}.",
                pointer=f"/lines/{place}/product",
                got=asked.product,
                action="Look it up by products/search, or create it.",
            )
        )
        return None
    if not product.released or product.blocked:
        issues.append(
            Issue(
                code="SALES_PRODUCT_NOT_RELEASED",
                message=f"Product {product.number} is {'blocked' if product.blocked else 'not released'} in this legal entity.",
                pointer=f"/lines/{place}/product",
                got=asked.product,
            )
        )
    return SalesLine(
        id=new_id(), number=place + 1, product_id=product.id, product_number=product.number, description=asked.description or product.name,
        quantity=asked.quantity, given_price=asked.unit_price, discount=minor(asked.discount, exponent, f"/lines/{place}/discount", issues),
        tax_group=product.tax_group or "", stocked=product.stocked, post_physical=product.post_physical, standard_cost=product.standard_cost,
        warehouse_id=store.warehouse_id, extensions=extended,
    )  # fmt: skip


def follow(context: Any, order: SalesOrder, invoice: Invoice | None = None) -> SalesOrder:
    """Move the header of an order after its lines were delivered (as `order` shows) or invoiced (by `invoice`)."""
    billed = {line.order_line.id: abs(line.quantity) for line in invoice.lines} if invoice is not None else {}
    charged = {charge.order_number for charge in invoice.charges if charge.order_id == order.id} if invoice is not None else set()
    (moved,) = context.step("order", header_move(order, billed, charged), [order])
    result: SalesOrder = moved
    return result


def header_move(order: SalesOrder, billed: Mapping[str, int], charged: Set[int]) -> str:
    """Tell how the header follows its lines: which transition fits what was delivered and invoiced."""
    open_charges = any(not charge.invoiced and charge.amount and charge.number not in charged for charge in order.charges)
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
