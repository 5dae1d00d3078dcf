"""What must hold of sales in any database: documents add up, counters follow documents, goods and books follow invoices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import SAMPLES
from kassa.ledger.invariants import ACCOUNTS_OF_ROLE

RESIDUES = "stock.clear_residues"
APPLIED = "sales.apply_deposits"
"""The rules whose entries stand in an invoice's voucher beside what the invoice itself books."""


def _sum(column: str, table: str) -> str:
    return f"(SELECT coalesce(sum({column}), 0) FROM {table} x WHERE x.document_id = h.document_id)"


def _headers(header: str, line: str, charge: str) -> str:
    """Write the search for headers that are not the sum of their lines and charges."""
    parts = {
        "net": f"{_sum('net', line)} + {_sum('amount', charge)}",
        "tax": f"{_sum('tax', line)} + {_sum('tax', charge)}",
        "total": f"{_sum('total', line)} + {_sum('amount + tax', charge)}",
    }
    sums = ", ".join(f"{expression} AS {name}_sum" for name, expression in parts.items())
    return (
        f"SELECT document_id, net, net_sum, tax, tax_sum, total, total_sum FROM (SELECT h.document_id, h.net, h.tax, h.total, {sums} FROM {header} h"
        ") t WHERE net <> net_sum OR tax <> tax_sum OR total <> total_sum LIMIT ?"
    )


ORDERS = _headers("sales_order", "sales_order_line", "sales_order_charge")
INVOICES = _headers("sales_invoice", "sales_invoice_line", "sales_invoice_charge")
ORDER_TAXES = (
    "SELECT document_id, number, tax, taxes FROM (SELECT l.document_id, l.number, l.net, l.tax, l.total, "
    "(SELECT coalesce(sum(t.amount), 0) FROM sales_order_tax t WHERE t.line_id = l.id) AS taxes FROM sales_order_line l"
    ") s WHERE tax <> taxes OR net + tax <> total LIMIT ?"
)
INVOICE_TAXES = (
    "SELECT document_id, number, tax, taxes FROM (SELECT l.document_id, l.number, l.net, l.tax, l.total, (SELECT coalesce(sum(t.amount), 0) "
    "FROM sales_invoice_tax t WHERE t.document_id = l.document_id AND t.line_number = l.number) AS taxes FROM sales_invoice_line l"
    ") s WHERE tax <> taxes OR net + tax <> total LIMIT ?"
)
CHARGE_TAXES = (
    "SELECT document_id, number, tax, taxes FROM (SELECT c.document_id, c.number, c.tax, (SELECT coalesce(sum(t.amount), 0) "
    "FROM sales_invoice_tax t WHERE t.document_id = c.document_id AND t.line_number = -c.number) AS taxes FROM sales_invoice_charge c"
    ") s WHERE tax <> taxes LIMIT ?"
)
ORDER_CHARGE_TAXES = (
    "SELECT document_id, number, tax, taxes FROM (SELECT c.document_id, c.number, c.tax, (SELECT coalesce(sum(t.amount), 0) "
    "FROM sales_order_charge_tax t WHERE t.document_id = c.document_id AND t.number = c.number) AS taxes FROM sales_order_charge c"
    ") s WHERE tax <> taxes LIMIT ?"
)
REFUNDED = (
    "SELECT document_id, number, sum(counted), sum(given) FROM (SELECT document_id, number, refunded AS counted, 0 AS given "
    "FROM sales_order_charge WHERE refunded <> 0 UNION ALL SELECT refund_of_id, refund_of_number, 0, -amount FROM sales_order_charge "
    "WHERE refund_of_id IS NOT NULL) t GROUP BY document_id, number HAVING sum(counted) <> sum(given) LIMIT ?"
)
SHARED = (
    "SELECT o.document_id, o.discount_amount, (SELECT coalesce(sum(l.total_share), 0) FROM sales_order_line l "
    "WHERE l.document_id = o.document_id) AS shared FROM sales_order o WHERE o.discount_amount <> 0 AND o.discount_amount <> "
    "(SELECT coalesce(sum(l.total_share), 0) FROM sales_order_line l WHERE l.document_id = o.document_id) LIMIT ?"
)
GONE = (
    "SELECT l.document_id, l.number, l.total FROM sales_line_balance b JOIN sales_order_line l ON l.id = b.line_id "
    "WHERE b.cancelled > 0 AND b.cancelled = b.ordered AND (l.net <> 0 OR l.tax <> 0 OR l.total <> 0 OR l.discount <> 0) LIMIT ?"
)
ORDER_IDS = "SELECT document_id FROM sales_order WHERE {after:document_id} ORDER BY document_id"
COUNTERS = ("ordered", "delivered", "invoiced", "delivered_cost", "invoiced_cost")
BALANCES = (
    "SELECT l.id, l.document_id, l.number, abs(l.quantity) - b.ordered, b.ordered, b.delivered, b.invoiced, b.delivered_cost, b.invoiced_cost "
    "FROM sales_order_line l LEFT JOIN sales_line_balance b ON b.line_id = l.id WHERE l.document_id IN {keys}"
)
DELIVERED = (
    "SELECT l.order_line_id, sum(abs(l.quantity)), sum(l.cost) FROM sales_packing_slip s "
    "JOIN sales_packing_slip_line l ON l.document_id = s.document_id WHERE s.order_id IN {keys} GROUP BY l.order_line_id"
)
INVOICED = "SELECT order_line_id, sum(abs(quantity)), sum(cost) FROM sales_invoice_line WHERE order_id IN {keys} GROUP BY order_line_id"
CHARGES = (
    "SELECT document_id, number, sum(charged), sum(invoiced) FROM (SELECT document_id, number, invoiced AS charged, 0 AS invoiced "
    "FROM sales_order_charge UNION ALL SELECT order_id, order_number, 0, amount FROM sales_invoice_charge) t "
    "GROUP BY document_id, number HAVING sum(charged) <> sum(invoiced) LIMIT ?"
)
# A line moves its lot: in a packing slip at its cost, by a step for each status in which it waited, in an invoice by one out of what
# was delivered and not invoiced.
SLIP_STEPS = (
    "SELECT l.document_id, l.number FROM sales_packing_slip_line l WHERE NOT EXISTS (SELECT 1 FROM stock_transaction t "
    "WHERE t.lot_id = l.order_line_id AND t.document_id = l.document_id AND t.product_id = l.product_id AND t.warehouse_id = l.warehouse_id "
    "AND (t.quantity > 0) = (l.quantity < 0) "
    "GROUP BY t.lot_id HAVING sum(t.quantity) = -l.quantity AND sum(t.cost) = -l.cost AND sum(t.issued_cost) = l.cost) LIMIT ?"
)
INVOICE_STEPS = (
    "SELECT l.document_id, l.number FROM sales_invoice_line l JOIN sales_order_line o ON o.id = l.order_line_id "
    "WHERE o.goods <> 'none' AND NOT EXISTS (SELECT 1 FROM stock_transaction t WHERE t.lot_id = l.order_line_id "
    "AND t.document_id = l.document_id AND t.quantity = -l.quantity AND t.issued_cost = -l.cost) LIMIT ?"
)
UNOPENED = (
    "SELECT v.document_id, v.total FROM sales_invoice v WHERE (SELECT count(*) FROM ledger_open_item i WHERE i.document_id = v.document_id "
    "AND i.amount = v.total AND i.currency = v.currency AND i.party_type = v.party_type AND i.party_id = v.party_id) <> 1 LIMIT ?"
)
BOOKED = (
    "SELECT document_id, wanted, booked FROM (SELECT v.document_id, {wanted} AS wanted, "
    "(SELECT coalesce(sum(x.{amount}), 0) FROM ledger_entry x WHERE x.document_id = v.document_id AND x.rule NOT IN (?, ?) "
    f"AND x.account_id IN ({ACCOUNTS_OF_ROLE})) AS booked FROM sales_invoice v) t WHERE wanted <> booked LIMIT ?"
)
PHYSICAL = (
    "SELECT coalesce(sum(b.physical_cost), 0) FROM sales_order o JOIN sales_order_line l ON l.document_id = o.document_id "
    "JOIN sales_line_balance b ON b.line_id = l.id WHERE o.legal_entity_id = ? AND l.goods <> 'receive_and_issue'"
)
PHYSICAL_BOOKED = (
    "SELECT coalesce(sum(x.amount), 0) FROM ledger_voucher v JOIN ledger_entry x ON x.document_id = v.document_id "
    f"WHERE v.legal_entity_id = ? AND x.account_id IN ({ACCOUNTS_OF_ROLE})"
)
# What is lost at once, or never comes, does not change inventory.
COST = (
    "-(SELECT coalesce(sum(l.cost), 0) FROM sales_invoice_line l JOIN sales_order_line o ON o.id = l.order_line_id "
    "WHERE l.document_id = v.document_id AND o.goods IN ('issue', 'receive'))"
)


def headers(kind: str, sql: str) -> Callable[[Any], Iterable[str]]:
    """Make the search for documents whose header is not the sum of their lines and charges."""

    def differing(read: Any) -> Iterable[str]:
        for document_id, net, net_sum, tax, tax_sum, total, total_sum in read.rows(sql, (SAMPLES,)):
            yield (
                f"{kind} {document_id}: net {net}, tax {tax}, total {total} minor units; its lines and charges come to "
                f"{int(net_sum)}, {int(tax_sum)}, {int(total_sum)}"
            )

    return differing


def taxes(kind: str, sql: str) -> Callable[[Any], Iterable[str]]:
    """Make the search for lines or charges whose tax is not the sum of its tax codes, or whose net and tax are not the total."""

    def differing(read: Any) -> Iterable[str]:
        for document_id, number, tax, found in read.rows(sql, (SAMPLES,)):
            yield f"{kind} {number} of {document_id}: its tax is {tax} minor units, its tax codes come to {int(found)}; or net and tax miss the total"

    return differing


def wrong_counters(read: Any) -> Iterator[str]:
    """Find order lines whose counters are not the sum of their packing slips and invoices."""
    for orders in read.pieces(ORDER_IDS, (0,)):
        ids = [row[0] for row in orders]
        delivered = {row[0]: (int(row[1]), int(row[2])) for row in read.rows_for(DELIVERED, ids)}
        invoiced = {row[0]: (int(row[1]), int(row[2])) for row in read.rows_for(INVOICED, ids)}
        for row in read.rows_for(BALANCES, ids):
            yield from _wrong(row, delivered.get(row[0], (0, 0)), invoiced.get(row[0], (0, 0)))


def _wrong(row: Sequence[Any], delivered: tuple[int, int], invoiced: tuple[int, int]) -> Iterator[str]:
    _, order_id, number, missing, *counters = row
    where = f"line {number} of order {order_id}"
    if missing is None:
        yield f"{where}: it has no counters"
        return
    wanted = (counters[0] + missing, delivered[0], invoiced[0], delivered[1], invoiced[1])
    for name, counter, expected in zip(COUNTERS, counters, wanted, strict=True):
        if counter != expected:
            yield f"{where}: the counter {name} is {counter}, its documents come to {expected}"


def wrong_charges(read: Any) -> Iterable[str]:
    """Find charges of orders whose invoiced amount is not the sum of what invoices charged."""
    for order_id, number, counter, invoiced in read.rows(CHARGES, (SAMPLES,)):
        yield f"charge {number} of order {order_id}: {int(counter)} minor units are counted as invoiced, invoices come to {int(invoiced)}"


def wrong_refunds(read: Any) -> Iterable[str]:
    """Find charges of which something else is counted as given back than other charges give back."""
    for order_id, number, counter, refunded in read.rows(REFUNDED, (SAMPLES,)):
        yield f"charge {number} of order {order_id}: {int(counter)} minor units are counted as given back, charges come to {int(refunded)}"


def unshared(read: Any) -> Iterable[str]:
    """Find orders whose discount on the total is not the sum of the shares of their lines."""
    for order_id, amount, shared in read.rows(SHARED, (SAMPLES,)):
        yield f"order {order_id}: {amount} minor units are taken off its total, its lines bear {int(shared)}"


def worth_something(read: Any) -> Iterable[str]:
    """Find cancelled lines that still have an amount."""
    for order_id, number, total in read.rows(GONE, (SAMPLES,)):
        yield f"line {number} of order {order_id}: all of it is cancelled, and its amounts are not 0; its total is {total} minor units"


def unmoved(kind: str, sql: str) -> Callable[[Any], Iterable[str]]:
    """Make the search for lines whose lot has no step of the same quantity and cost."""

    def missing(read: Any) -> Iterable[str]:
        for document_id, number in read.rows(sql, (SAMPLES,)):
            yield f"line {number} of {kind} {document_id}: no step of its lot moves its quantity at its cost"

    return missing


def unopened(read: Any) -> Iterable[str]:
    """Find invoices that do not stand on their party's account exactly once with their total."""
    for document_id, total in read.rows(UNOPENED, (SAMPLES,)):
        yield f"invoice {document_id}: its total is {total} minor units, and its party has no open item of that amount"


def booked(role: str, wanted: str, amount: str) -> Callable[[Any], Iterable[str]]:
    """Make the search for invoices that booked something else to the accounts of a role than they should."""
    sql = BOOKED.replace("{wanted}", wanted).replace("{amount}", amount)

    def differing(read: Any) -> Iterable[str]:
        for document_id, expected, found in read.rows(sql, (RESIDUES, APPLIED, role, SAMPLES)):
            yield f"invoice {document_id}: {int(found)} minor units are booked to the role {role} instead of {int(expected)}"

    return differing


def physical_differs(read: Any) -> Iterable[str]:
    """Find legal entities whose physical inventory is not the cost of what packing slips booked and no invoice took back yet."""
    for (entity,) in read.rows("SELECT id FROM org_legal_entity ORDER BY id"):
        waiting = int(read.value(PHYSICAL, (entity,)))
        found = int(read.value(PHYSICAL_BOOKED, (entity, "inventory_physical")))
        if found != -waiting:
            yield f"legal entity {entity}: packing slips booked {waiting} minor units that wait for their invoice, physical inventory says {-found}"


INVARIANTS = (
    Invariant(name="sales.orders_add_up", summary="Orders are the sum of their lines and charges.", find=headers("order", ORDERS)),
    Invariant(name="sales.invoices_add_up", summary="Invoices are the sum of their lines and charges.", find=headers("invoice", INVOICES)),
    Invariant(name="sales.order_taxes", summary="Taxes of an order line add up to its tax.", find=taxes("order line", ORDER_TAXES)),
    Invariant(name="sales.invoice_taxes", summary="Taxes of an invoice line add up to its tax.", find=taxes("invoice line", INVOICE_TAXES)),
    Invariant(name="sales.charge_taxes", summary="Taxes of an invoiced charge add up to its tax.", find=taxes("invoice charge", CHARGE_TAXES)),
    Invariant(name="sales.counters", summary="Counters of lines are the sums of packing slips and invoices.", find=wrong_counters),
    Invariant(
        name="sales.order_charge_taxes", summary="Taxes of an order's charge add up to its tax.", find=taxes("charge", ORDER_CHARGE_TAXES)
    ),
    Invariant(name="sales.charges_refunded", summary="What is counted as given back of a charge is what charges give back.", find=wrong_refunds),
    Invariant(name="sales.discounts_shared", summary="Lines bear the discount on the total of their order.", find=unshared),
    Invariant(name="sales.cancelled_lines", summary="Cancelled lines come to nothing.", find=worth_something),
    Invariant(name="sales.charges_invoiced", summary="What is counted of a charge is what was invoiced of it.", find=wrong_charges),
    Invariant(name="sales.packing_slips_moved", summary="Packing slip lines are steps of their lots.", find=unmoved("packing slip", SLIP_STEPS)),
    Invariant(name="sales.invoices_moved", summary="Invoice lines of goods are steps of their lots.", find=unmoved("invoice", INVOICE_STEPS)),
    Invariant(name="sales.invoices_on_account", summary="Every invoice opened on its party's account with its total.", find=unopened),
    Invariant(name="sales.receivables_booked", summary="Invoices book their total.", find=booked("receivable", "v.total", "transaction_amount")),
    Invariant(name="sales.taxes_booked", summary="Invoices book their tax.", find=booked("sales_tax", "-v.tax", "transaction_amount")),
    Invariant(name="sales.costs_booked", summary="Invoices take the cost of their goods out of inventory.", find=booked("inventory", COST, "amount")),
    Invariant(name="sales.physical_booked", summary="Physical inventory is what waits for its invoice.", find=physical_differs),
)
