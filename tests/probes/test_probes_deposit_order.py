"""Orders with deposits by a plugin of 150 lines, from two stores: the worked examples E2, E3 and E6 to the cent, entry by entry."""

import pytest

from kassa.testing.ledger import assert_sound

CASH, AR, INV, PREPAY, REV, FEES, COGS = "1001", "1100", "1300", "2300", "4000", "4200", "5000"


@pytest.fixture
def town(open_place):
    """Two stores, each with goods at 40.00 (cost 24.00) and at 60.00 (cost 36.00), untaxed."""
    place = open_place("deposit_order")
    place.shop.perform("org.create_store", {"number": "S002", "name": "Second"})
    for number, price, cost in (("SMALL", "40.00", "24.00"), ("LARGE", "60.00", "36.00")):
        place.shop.add_product(number, price=price, cost=cost, stock="5")
        line = {"product": number, "quantity": "5", "unit_cost": cost}
        place.shop.perform("stock.adjust", {"store": "S002", "reason": "opening", "lines": [line]})
    return place


def placed(town, small, large, deposit, **more):
    """Place an order of both goods, each delivered in a way, with a deposit in cash."""
    lines = [
        {"product": product, "quantity": "1", "extensions": {"deposit_order.delivery": delivery}}
        for product, delivery in (("SMALL", small), ("LARGE", large))
    ]
    request = {"store": "S001", "customer": "C0001", "lines": lines, "deposit": [{"tender": "cash", "amount": deposit}], **more}
    return town.post("/deposit-orders", request, 201)


def here(store):
    """Picked up in a store."""
    return {"mode": "pick_up", "store": store}


def pick_up(town, order, line, store, due, status=201):
    """Pick a line up in a store and pay what is due."""
    request = {"store": store, "lines": [line], "payments": [{"tender": "cash", "amount": due}]}
    return town.post(f"/deposit-orders/{order['number']}/pick-ups", request, status)


def booked(town, kind, number):
    """What a document booked, by its number."""
    sql = "SELECT document_id FROM kernel_document_key WHERE kind = ? AND value = ?"
    with town.shop.engine.database.snapshot() as read:
        ((document_id,),) = read.rows(sql, (kind, number))
    return town.entries(document_id)


def balances(town):
    """The balances of the accounts, those at 0 left out."""
    sql = "SELECT a.number, sum(e.amount) FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id GROUP BY a.number"
    with town.shop.engine.database.snapshot() as read:
        return {number: int(amount) for number, amount in read.rows(sql) if amount}


def lying(town):
    """What lies of both goods in each store."""
    sql = (
        "SELECT s.number, p.number, b.on_hand FROM stock_balance b JOIN catalog_product p ON p.id = b.product_id "
        "JOIN org_store s ON s.warehouse_id = b.warehouse_id WHERE p.number IN ('SMALL', 'LARGE')"
    )
    with town.shop.engine.database.snapshot() as read:
        return {(store, product): on_hand for store, product, on_hand in read.rows(sql)}


def test_a_deposit_is_applied_by_share_in_each_store_that_hands_over(town):
    before = balances(town)
    order = placed(town, here("S001"), here("S002"), "10.00")
    (deposit,) = town.get(f"/orders/{order['number']}/deposits")["open"]
    assert (order["total"], booked(town, "payment", deposit["document"])) == ("100.00", [(CASH, 1000), (PREPAY, -1000)])
    problem = pick_up(town, order, 2, "S001", "54.00", 422)
    assert [issue["code"] for issue in problem["issues"]] == ["DEPOSIT_ORDER_STORE"]
    assert pick_up(town, order, 1, "S001", "36.01", 201)["change"] == "0.01"
    (first,) = town.get("/invoices")["items"]
    pick_up(town, order, 2, "S002", "54.00", 404)
    second = pick_up(town.as_("administrator", store="S002"), order, 2, "S002", "54.00")
    assert town.entries(first["id"]) == sorted([(AR, 4000), (AR, -400), (PREPAY, 400), (REV, -4000), (COGS, 2400), (INV, -2400)])
    assert booked(town, "invoice", second["invoice"]) == sorted(
        [(AR, 6000), (AR, -600), (PREPAY, 600), (REV, -6000), (COGS, 3600), (INV, -3600)]
    )
    assert booked(town, "payment", second["payments"][0]["number"]) == [(CASH, 5400), (AR, -5400)]
    after = balances(town)
    assert {number: after.get(number, 0) - before.get(number, 0) for number in (CASH, AR, INV, PREPAY, REV, COGS)} == {
        CASH: 10_000, AR: 0, INV: -6000, PREPAY: 0, REV: -10_000, COGS: 6000,
    }  # fmt: skip
    assert town.get(f"/orders/{order['number']}")["state"] == "invoiced"
    assert lying(town) == {("S001", "SMALL"): 4000, ("S001", "LARGE"): 5000, ("S002", "SMALL"): 5000, ("S002", "LARGE"): 4000}
    assert_sound(town.shop)


def test_a_cancellation_costs_and_the_rest_of_the_deposit_goes_back(town):
    before = balances(town)
    order = placed(town, here("S001"), here("S002"), "10.00")
    other = town.as_("administrator", store="S002")
    assert other.post(f"/deposit-orders/{order['number']}/cancellation", {"tender": "cash"})["state"] == "cancelled"
    (invoice,) = town.get("/invoices")["items"]
    assert town.entries(invoice["id"]) == sorted([(AR, 500), (AR, -500), (PREPAY, 500), (FEES, -500)])
    after = balances(town)
    changed = {number: after.get(number, 0) - before.get(number, 0) for number in {*before, *after}}
    assert {number: amount for number, amount in changed.items() if amount} == {CASH: 500, FEES: -500}
    assert town.get(f"/orders/{order['number']}/deposits")["left"] == "0.00"
    assert_sound(town.shop)


def test_what_is_carried_out_is_paid_at_once_and_the_rest_with_its_freight_at_shipment(town):
    charges = [{"code": "freight", "amount": "10.00"}]
    carry, ship = {"mode": "carry_out"}, {"mode": "ship", "store": "S002"}
    paid = [{"tender": "cash", "amount": "40.00"}]
    problem = town.post("/deposit-orders", {
        "store": "S001", "customer": "C0001", "charges": charges, "payments": paid, "deposit": [{"tender": "cash", "amount": "6.99"}],
        "lines": [
            {"product": "SMALL", "quantity": "1", "extensions": {"deposit_order.delivery": carry}},
            {"product": "LARGE", "quantity": "1", "extensions": {"deposit_order.delivery": ship}},
        ],
    }, 422)  # fmt: skip
    assert ([issue["code"] for issue in problem["issues"]], problem["issues"][0]["message"]) == (
        ["DEPOSIT_ORDER_TOO_LITTLE"],
        "The deposit is 7.00.",
    )
    assert town.get("/orders")["items"] == []
    order = placed(town, carry, ship, "7.00", charges=charges, payments=paid)
    assert (order["total"], order["state"]) == ("110.00", "partly_invoiced")
    (first,) = town.get("/invoices")["items"]
    assert town.entries(first["id"]) == sorted([(AR, 4000), (REV, -4000), (COGS, 2400), (INV, -2400)])
    assert balances(town)[CASH] == 4700
    (second,) = town.post("/invoices", {"orders": [{"order": order["number"]}], "quantity_basis": "all"})["invoices"]
    assert (second["total"], second["deposit"], second["due"]) == ("70.00", "7.00", "63.00")
    assert town.entries(second["id"]) == sorted(
        [(AR, 7000), (AR, -700), (PREPAY, 700), (REV, -6000), (FEES, -1000), (COGS, 3600), (INV, -3600)]
    )
    town.shop.perform("payments.take", {"customer": "C0001", "tender": "cash", "amount": "63.00", "store": "S002"})
    after = balances(town)
    assert (after[CASH], after.get(AR, 0), after.get(PREPAY, 0)) == (11_000, 0, 0)
    assert_sound(town.shop)
