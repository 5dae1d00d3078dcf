"""Invoice runs: every order that is ready is invoiced by itself, the others are listed with the reason and left as they are."""

import pytest

from kassa.kernel.invariants import verify
from kassa.kernel.jobs.runner import Runner


def run(shop, **filters):
    """Ask for a run over this store's orders and work it off; the job and its results by item."""
    job = shop.do("sales.start_invoice_run", **{"store": shop.store, **filters})
    Runner(shop.engine).run(job["id"])
    results = shop.do("jobs.results", job=job["id"], limit=500)["items"]
    return shop.do("jobs.read", job=job["id"]), {result["item"]: (result["outcome"], result["code"]) for result in results}


def invoices(shop):
    """The documents of this store: number and total, in the order in which they were posted."""
    sql = (
        "SELECT k.value, i.total FROM sales_invoice i JOIN kernel_document_key k ON k.document_id = i.document_id AND k.name = 'number' "
        "WHERE k.register = ? ORDER BY i.document_id"
    )
    return shop.rows(sql, shop.store)


@pytest.fixture
def orders(shop):
    """Orders of several kinds: ready, ready in part, goods that came back, a service, and one of which nothing was delivered."""
    product = shop.product("10.00")
    made = {
        "ready": shop.order((product, "2")),
        "in part": shop.order((product, "3"), charges=[{"code": "freight", "amount": "5.00"}]),
        "came back": shop.order((product, "-1"), (product, "-4")),
        "service": shop.order((shop.product("35.00", kind="service"), "1")),
        "waiting": shop.order((product, "1")),
    }
    shop.deliver(made["ready"])
    shop.deliver(made["in part"], lines=[(1, "1")])
    shop.deliver(made["came back"], lines=[(1, "1")])
    return made


@pytest.mark.rule("INV-10")
def test_a_run_invoices_what_is_ready_and_says_why_the_rest_is_not(shop, orders):
    job, results = run(shop)
    assert (job["state"], job["done"], job["summary"]) == ("done", 5, {"invoiced": 4})
    assert invoices(shop) == [
        (f"INV-{shop.store}-000001", 2420), (f"INV-{shop.store}-000002", 1710), (f"CN-{shop.store}-000001", -1210), (f"INV-{shop.store}-000003", 4235),
    ]  # fmt: skip
    states = {name: shop.do("sales.read_order", order=order["number"])["state"] for name, order in orders.items()}
    assert states == {"ready": "invoiced", "in part": "partly_invoiced", "came back": "partly_invoiced", "service": "invoiced", "waiting": "open"}
    outcomes = {name: results[order["id"]] for name, order in orders.items()}
    assert outcomes == dict.fromkeys(orders, ("done", None)) | {"waiting": ("skipped", "INV_NOTHING_TO_POST")}
    assert verify(shop.engine) == []


def test_a_second_run_finds_nothing_to_do(shop, orders):
    run(shop)
    before = invoices(shop)
    job, results = run(shop)
    assert (job["summary"], invoices(shop)) == ({"invoiced": 0}, before)
    assert set(results.values()) == {("skipped", "INV_NOTHING_TO_POST")}
    shop.deliver(orders["waiting"])
    assert run(shop)[0]["summary"] == {"invoiced": 1}


def test_an_order_that_cannot_be_posted_does_not_hold_the_others(shop, orders):
    shop.do("ledger.change_period", period="2025-03-01", status="closed")
    order = shop.order((shop.product(), "1"), date="2025-03-14")
    shop.deliver(order)
    job, results = run(shop, date="2025-03-14")
    assert (job["summary"], invoices(shop)) == ({"invoiced": 0}, [])
    assert set(results.values()) == {("refused", "INV_PERIOD_CLOSED"), ("skipped", "INV_NOTHING_TO_POST")}
    assert run(shop)[0]["summary"] == {"invoiced": 5}


def test_a_run_takes_the_orders_that_fit_its_filters(shop):
    customer, product = shop.customer(), shop.product("10.00")
    for date, more in (("2026-02-01", {}), ("2026-02-02", {"customer": customer}), ("2026-02-20", {"customer": customer})):
        shop.deliver(shop.order((product, "1"), date=date, **more), date=date)
    assert run(shop, customer=customer, until="2026-02-10")[0]["done"] == 1
    assert run(shop, customer=customer, correction=True)[0]["done"] == 1
    assert run(shop)[0]["done"] == 1
    assert [total for _, total in invoices(shop)] == [1210, 1210, 1210]
