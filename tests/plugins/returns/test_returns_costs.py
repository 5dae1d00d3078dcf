"""What goods that came back are worth: the cost of their sale, also when that is adjusted afterwards."""

import pytest

from kassa.kernel.invariants import verify
from kassa.kernel.jobs import Runner

LOTS = (
    "SELECT t.lot_id, sum(t.cost) FROM stock_transaction t JOIN sales_order_line l ON l.id = t.lot_id JOIN catalog_product p ON p.id = l.product_id "
    "WHERE p.number = ? GROUP BY t.lot_id ORDER BY t.lot_id"
)


def costs(desk, product):
    """What the lots of orders of a product added to the value on hand, in their order, in minor units."""
    return [int(cost) for _, cost in desk.rows(LOTS, product)]


def sold_five(desk, product):
    """Sell five of twenty that cost 6.00 and 8.00 each: the order, its customer, its invoice."""
    for cost, date in (("6.00", "2026-02-01"), ("8.00", "2026-02-02")):
        line = {"product": product, "quantity": "10", "unit_cost": cost}
        desk.post("/stock/adjustments", {"store": desk.store, "reason": "opening", "date": date, "lines": [line]})
    customer, lines = desk.customer(), [{"product": product, "quantity": "5"}]
    order = desk.post("/orders", {"store": desk.store, "customer": customer, "date": "2026-02-03", "lines": lines})
    return order["id"], customer, desk.credit(order["number"], quantity_basis="all", date="2026-02-03")[0]["number"]


def take_back(desk, customer, invoice, quantity):
    """Take some of them back up to the credit note."""
    chosen = [{"invoice": invoice, "lines": [{"line": 1, "quantity": quantity}]}]
    rma = desk.come_back(customer, invoices=chosen, date="2026-02-04")["rma_number"]
    desk.post(f"/returns/{rma}/registrations", {"date": "2026-02-04", "lines": [{"line": 1, "disposition": "RS"}]})
    desk.credit(rma, quantity_basis="all", date="2026-02-04")


def inspect(desk, customer, invoice, quantity):
    """Take some of them back through quarantine, where one is split off the others."""
    desk.quarantine()
    rma = desk.come_back(customer, invoices=[{"invoice": invoice, "lines": [{"line": 1, "quantity": quantity}]}])["rma_number"]
    made = desk.post("/returns/arrivals", {"store": desk.store, "lines": [{"rma": rma, "line": 1, "quarantine": True}]})
    first = made["lines"][0]["quarantine_order"]
    second = desk.post(f"/returns/quarantine-orders/{first}/split", {"quantity": "1"})["number"]
    for order in (first, second):
        desk.post(f"/returns/quarantine-orders/{order}/ending", {"disposition": "RS"})
    desk.slip(rma)
    desk.credit(rma)


@pytest.mark.rule("RET-13", "RET-14")
def test_a_return_follows_the_cost_of_its_sale_when_stock_is_closed(town):
    desk = town.desk("CLOSED")
    desk.post("/item-model-groups", {"code": f"F{desk.store}", "costing": "fifo"})
    product = desk.product(stock="0", group=f"F{desk.store}")
    _, customer, invoice = sold_five(desk, product)
    take_back(desk, customer, invoice, "5")
    assert costs(desk, product) == [-3500, 3500]
    job = desk.post("/stock/closings", {"through": "2026-02-28"})
    Runner(desk.engine).run(job["id"])
    assert costs(desk, product) == [-3000, 3000]
    assert desk.on_hand(product) == (20_000, 14_000)
    assert verify(desk.engine) == []


@pytest.mark.rule("RET-14")
@pytest.mark.parametrize("way, lots", [(take_back, [1800]), (inspect, [1200, 600])])
def test_it_follows_an_adjustment_by_hand_however_its_goods_came(desk, way, lots):
    product = desk.product(stock="0")
    sold, customer, invoice = sold_five(desk, product)
    way(desk, customer, invoice, "3")
    ((lot,),) = desk.rows("SELECT id FROM sales_order_line WHERE document_id = ?", sold)
    made = desk.post("/stock/cost-adjustments", {"lot": lot, "amount": "-5.00", "reason": "Booked at the wrong price"})
    assert desk.entries(made["id"]) == [("1300", -300), ("1300", 500), ("5000", -500), ("5000", 300)]
    assert costs(desk, product) == [-3000, *lots]
    assert verify(desk.engine) == []
