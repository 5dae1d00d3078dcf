"""A cash-and-carry sale of two lines: everything that it leaves behind, compared to the row."""

import hashlib
import json

import pytest

from kassa.kernel.clock import instant_text
from kassa.kernel.evidence.chains import INVARIANTS
from kassa.kernel.invariants import verify

TODAY = "2026-03-02"


@pytest.fixture
def sold(shop):
    """A sale of 2 lamps at 10.00 and 1.5 metres of ribbon at 2.50, both with 21 % of tax on top, paid in cash."""
    shop.lamp = shop.product("10.00", cost="6.00")
    shop.ribbon = shop.product("2.50", cost="1.20")
    return shop.sell((shop.lamp, "2"), (shop.ribbon, "1.5"), payments=[("cash", "28.74")], reference=f"TICKET-{shop.store}")


def ids(shop, sold):
    """The ids of the four documents, by kind."""
    numbers = {"order": sold["number"], "packing_slip": sold["packing_slip"], "invoice": sold["invoice"], "payment": sold["payments"][0]["number"]}
    return {kind: shop.document(kind, number) for kind, number in numbers.items()}


def test_the_answer_tells_what_was_sold(shop, sold):
    store = shop.store
    assert sold.pop("id") == shop.document("order", f"SO-{store}-000001")
    assert sold == {
        "number": f"SO-{store}-000001", "packing_slip": f"PS-{store}-000001", "invoice": f"INV-{store}-000001", "type": "invoice",
        "store": store, "customer": None, "date": TODAY, "occurred_at": instant_text(shop.engine.clock.now()), "currency": "EUR",
        "lines": [
            {
                "line": 1, "product": shop.lamp, "description": f"Product {shop.lamp}", "quantity": "2", "unit_price": "10",
                "discount": "0.00", "net": "20.00", "tax": "4.20", "total": "24.20", "extensions": {},
                "taxes": [{"code": "VAT21", "rate": "0.21", "amount": "4.20"}], "source": None, "unreferenced": False,
            },
            {
                "line": 2, "product": shop.ribbon, "description": f"Product {shop.ribbon}", "quantity": "1.5", "unit_price": "2.5",
                "discount": "0.00", "net": "3.75", "tax": "0.79", "total": "4.54", "extensions": {},
                "taxes": [{"code": "VAT21", "rate": "0.21", "amount": "0.79"}], "source": None, "unreferenced": False,
            },
        ],
        "charges": [], "net": "23.75", "tax": "4.99", "total": "28.74",
        "payments": [{"number": f"PAY-{store}-000001", "tender": "cash", "amount": "28.74"}], "change": "0.00",
        "extensions": {},
    }  # fmt: skip


def test_four_documents_come_into_being_and_the_order_is_finished(shop, sold):
    sql = (
        "SELECT d.kind, d.type, d.state, d.version, d.register, d.business_date, d.occurred_at, d.created_at, d.created_by, s.number "
        "FROM kernel_document d JOIN org_store s ON s.id = d.store_id WHERE s.number = ? AND d.kind <> 'stock_adjustment' ORDER BY d.kind"
    )
    now = shop.engine.clock.now()
    place = (1, shop.store, TODAY, now, now, "system", shop.store)
    assert shop.rows(sql, shop.store) == [
        ("invoice", "invoice", "posted", *place),
        ("order", "sales", "invoiced", *place),
        ("packing_slip", "packing_slip", "posted", *place),
        ("payment", "payment", "posted", *place),
    ]


def test_each_document_has_a_number_and_the_order_its_reference(shop, sold):
    sql = (
        "SELECT kind, name, value, identifying, series, register, ordinal FROM kernel_document_key "
        "WHERE register = ? OR value = ? ORDER BY kind, name"
    )
    rows = [row for row in shop.rows(sql, shop.store, f"TICKET-{shop.store}") if row[0] != "stock_adjustment"]
    assert rows == [
        ("invoice", "number", f"INV-{shop.store}-000001", True, "invoice", shop.store, 1),
        ("order", "number", f"SO-{shop.store}-000001", True, "sales_order", shop.store, 1),
        ("order", "reference", f"TICKET-{shop.store}", True, None, None, None),
        ("packing_slip", "number", f"PS-{shop.store}-000001", True, "packing_slip", shop.store, 1),
        ("payment", "number", f"PAY-{shop.store}-000001", True, "payment", shop.store, 1),
    ]


def test_the_order_keeps_its_lines_and_how_far_they_came(shop, sold):
    order = ids(shop, sold)["order"]
    header = "SELECT customer_id, party_type, currency, price_includes_tax, net, tax, total FROM sales_order WHERE document_id = ?"
    assert shop.rows(header, order) == [(None, "store", "EUR", False, 2375, 499, 2874)]
    lines = (
        "SELECT l.number, p.number, l.quantity, l.unit_price, l.price_origin, l.discount, l.net, l.tax, l.total, l.money, l.goods, "
        "l.cost_source, l.offset_role FROM sales_order_line l JOIN catalog_product p ON p.id = l.product_id WHERE l.document_id = ? ORDER BY l.number"
    )
    treated = ("full", "issue", "current", "cost_of_goods_sold")
    assert shop.rows(lines, order) == [
        (1, shop.lamp, 2000, 10_000_000, "list", 0, 2000, 420, 2420, *treated),
        (2, shop.ribbon, 1500, 2_500_000, "list", 0, 375, 79, 454, *treated),
    ]
    counters = (
        "SELECT b.ordered, b.delivered, b.invoiced, b.cancelled, b.credited, b.delivered_cost, b.invoiced_cost FROM sales_line_balance b "
        "JOIN sales_order_line l ON l.id = b.line_id WHERE l.document_id = ? ORDER BY l.number"
    )
    assert shop.rows(counters, order) == [(2000, 2000, 2000, 0, 0, 1200, 1200), (1500, 1500, 1500, 0, 0, 180, 180)]


def test_slip_and_invoice_keep_their_lines(shop, sold):
    found = ids(shop, sold)
    slip = "SELECT l.number, l.quantity, l.cost FROM sales_packing_slip_line l WHERE l.document_id = ? ORDER BY l.number"
    assert shop.rows(slip, found["packing_slip"]) == [(1, 2000, 1200), (2, 1500, 180)]
    header = "SELECT party_type, currency, net, tax, total, due_date, rounding, correction FROM sales_invoice WHERE document_id = ?"
    assert shop.rows(header, found["invoice"]) == [("store", "EUR", 2375, 499, 2874, TODAY, "line-half-up-1", False)]
    lines = "SELECT number, quantity, unit_price, discount, net, tax, total, cost FROM sales_invoice_line WHERE document_id = ? ORDER BY number"
    assert shop.rows(lines, found["invoice"]) == [(1, 2000, 10_000_000, 0, 2000, 420, 2420, 1200), (2, 1500, 2_500_000, 0, 375, 79, 454, 180)]
    taxes = "SELECT line_number, code, rate, base, amount FROM sales_invoice_tax WHERE document_id = ? ORDER BY line_number"
    assert shop.rows(taxes, found["invoice"]) == [(1, "VAT21", 210_000, 2000, 420), (2, "VAT21", 210_000, 375, 79)]


def test_the_books_balance_entry_by_entry(shop, sold):
    found = ids(shop, sold)
    sql = (
        "SELECT e.number, a.number, e.amount, e.currency, e.transaction_amount, d.canonical, e.correction, e.rule FROM ledger_entry e "
        "JOIN ledger_account a ON a.id = e.account_id JOIN ledger_dimension_set d ON d.id = e.dimension_set_id WHERE e.document_id = ? ORDER BY e.number"
    )

    def entry(number, account, amount, rule):
        return (number, account, amount, "EUR", amount, f"store={shop.store}", False, rule)

    assert shop.rows(sql, found["invoice"]) == [
        entry(1, "1100", 2874, "sales.invoice_entries"),
        entry(2, "4000", -2375, "sales.invoice_entries"),
        entry(3, "2200", -499, "sales.invoice_entries"),
        entry(4, "5000", 1380, "sales.invoice_entries"),
        entry(5, "1300", -1380, "sales.invoice_entries"),
    ]
    assert shop.rows(sql, found["payment"]) == [entry(1, "1001", 2874, "payments.book"), entry(2, "1100", -2874, "payments.book")]
    vouchers = "SELECT document_id, date, currency FROM ledger_voucher WHERE document_id IN (?, ?, ?, ?)"
    booked = {(found["invoice"], TODAY, "EUR"), (found["payment"], TODAY, "EUR")}
    assert set(shop.rows(vouchers, *found.values())) == booked


def test_the_customer_owes_nothing_afterwards(shop, sold):
    found = ids(shop, sold)
    assert shop.open_items(found["invoice"]) == [("invoice", 2874, 0)]
    assert shop.open_items(found["payment"]) == [("payment", -2874, 0)]
    sql = (
        "SELECT s.number, s.amount, s.date, d.document_id, c.document_id FROM ledger_settlement s JOIN ledger_open_item d ON d.id = s.debit_item_id "
        "JOIN ledger_open_item c ON c.id = s.credit_item_id WHERE s.document_id = ?"
    )
    assert shop.rows(sql, found["payment"]) == [(1, 2874, TODAY, found["invoice"], found["payment"])]


def test_goods_leave_stock_step_by_step(shop, sold):
    found = ids(shop, sold)
    sql = (
        "SELECT p.number, t.sequence, t.document_id, t.from_status, t.to_status, t.quantity, t.cost, t.issued_cost, t.date, t.rule "
        "FROM stock_transaction t JOIN catalog_product p ON p.id = t.product_id JOIN sales_order_line l ON l.id = t.lot_id "
        "WHERE l.document_id = ? ORDER BY l.number, t.sequence"
    )
    slip, invoice = found["packing_slip"], found["invoice"]
    assert shop.rows(sql, found["order"]) == [
        (shop.lamp, 1, slip, "none", "deducted", -2000, -1200, 1200, TODAY, "sales.slip_stock"),
        (shop.lamp, 2, invoice, "deducted", "sold", -2000, 0, -1200, TODAY, "sales.invoice_stock"),
        (shop.ribbon, 1, slip, "none", "deducted", -1500, -180, 180, TODAY, "sales.slip_stock"),
        (shop.ribbon, 2, invoice, "deducted", "sold", -1500, 0, -180, TODAY, "sales.invoice_stock"),
    ]
    assert shop.on_hand(shop.lamp) == (98_000, 58_800, 0)
    assert shop.on_hand(shop.ribbon) == (98_500, 11_820, 0)


def test_every_fact_is_announced_with_its_number(shop, sold):
    found = ids(shop, sold)
    sql = "SELECT type, subject, legal_entity_id, at, data, dispatched_at FROM kernel_outbox WHERE subject IN (?, ?, ?, ?) ORDER BY id"
    rows = [(*row[:4], json.loads(row[4]), row[5]) for row in shop.rows(sql, *found.values())]
    now = shop.engine.clock.now()
    numbers = [("order", "sales.order_created", "number"), ("packing_slip", "sales.packing_slip_posted", "packing_slip")]
    numbers += [("invoice", "sales.invoice_posted", "invoice")]
    expected = [
        (event, found[kind], shop.entity, now, {"document": found[kind], "number": sold[member]}, None) for kind, event, member in numbers
    ]
    number = sold["payments"][0]["number"]
    payment = found["payment"]
    assert rows == [*expected, ("payments.payment_posted", payment, shop.entity, now, {"document": payment, "number": number}, None)]


def test_the_audit_trail_and_the_key_tell_who_did_it_once(shop):
    product = shop.product()
    outcome = shop.perform("sales.sell", shop.sale((product, "1"), payments=[("cash", "12.10")]), key=f"ticket-{shop.store}", request_id="r-1")
    order = outcome.document_id
    sql = "SELECT at, actor, operation, legal_entity_id, request_id, origin, outcome, code, detail FROM kernel_audit WHERE detail LIKE ?"
    ((*row, detail),) = shop.rows(sql, f"%{order}%")
    assert tuple(row) == (shop.engine.clock.now(), "system", "sales.sell", shop.entity, "r-1", "live", "done", None)
    assert sorted(json.loads(detail)) == sorted(ids(shop, outcome.body).values())
    sql = "SELECT operation, status, answer, document_id, created_at FROM kernel_idempotency WHERE principal = 'system' AND key = ?"
    assert shop.rows(sql, f"ticket-{shop.store}") == [("sales.sell", 201, outcome.text, order, shop.engine.clock.now())]


def test_a_link_of_the_chain_covers_what_is_finished(shop, sold):
    found = ids(shop, sold)
    sql = "SELECT sequence, hash, documents FROM kernel_chain_link WHERE legal_entity_id = ? AND register = ? ORDER BY sequence DESC LIMIT 2"
    (sequence, linked, documents), (_, before, _) = shop.rows(sql, shop.entity, shop.store)
    chained = [(document, number) for document, number, _ in json.loads(documents)]
    posted = [(found["packing_slip"], sold["packing_slip"]), (found["invoice"], sold["invoice"]), (found["payment"], sold["payments"][0]["number"])]
    assert sorted(chained) == sorted(posted)
    text = f"{before}\n{shop.entity}\n{shop.store}\n{sequence}\n{documents}"
    assert linked == hashlib.sha256(text.encode()).hexdigest()
    assert shop.rows("SELECT sequence, hash FROM kernel_chain_head WHERE register = ?", shop.store) == [(sequence, linked)]


def test_the_verifier_finds_nothing(shop, sold):
    assert len(INVARIANTS) > 0
    assert verify(shop.engine) == []


def test_the_order_and_the_invoice_can_be_read_by_any_of_their_keys(shop, sold):
    order = shop.do("sales.read_order", order=sold["number"])
    assert (order["state"], order["total"], [line["invoiced"] for line in order["lines"]]) == ("invoiced", "28.74", ["2", "1.5"])
    assert shop.do("sales.read_order", order=f"TICKET-{shop.store}") == order
    assert shop.do("sales.read_order", order=sold["id"]) == order
    invoice = shop.do("sales.read_invoice", invoice=sold["invoice"])
    billed = [{name: value for name, value in line.items() if name != "extensions"} for line in sold["lines"]]
    assert (invoice["title"], invoice["lines"], invoice["total"]) == ("Invoice", billed, "28.74")
