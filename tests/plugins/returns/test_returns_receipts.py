"""Goods without a receipt: who may take them, what is offered first, what is paid back, caps, and the report."""

import pytest


def blind(desk, customer, product, quantity="-1", **more):
    """Ask for a return without a receipt."""
    return {"store": desk.store, "customer": customer, "lines": [desk.line(product, quantity, **more)]}


@pytest.mark.rule("RET-13")
def test_a_clerk_needs_an_approval_and_the_line_is_marked(desk):
    customer, product, _ = desk.sold_one()
    clerk, manager = desk.by("cashier"), desk.by("store_manager")
    ask = blind(desk, customer, product)
    assert clerk.refused("/returns", ask) == ["RET_WITHOUT_RECEIPT"]
    token = clerk.problem["approval"]["token"]
    manager.post(f"/approvals/{token}/grant", {})
    made = clerk.post("/returns", ask, Kassa_Approval=token)
    assert (made["lines"][0]["unreferenced"], made["lines"][0]["unit_price"], made["total"]) == (True, "100", "-100.00")
    assert made["lines"][0]["cost"] is None
    assert manager.post("/returns", ask)["lines"][0]["unreferenced"] is True
    marked = "SELECT operation, code FROM kernel_audit WHERE outcome = 'done' AND approver IS NOT NULL AND detail LIKE ?"
    assert desk.rows(marked, f"%{made['id']}%") == [("returns.create", "RET_WITHOUT_RECEIPT")]


def test_no_other_way_to_more_without_a_receipt_needs_less(desk):
    customer, product, invoice = desk.sold_one("3")
    rma = desk.come_back(customer, invoice)["rma_number"]
    clerk, manager = desk.by("cashier"), desk.by("store_manager")

    def edit(who, **wanted):
        draft = who.post(f"/orders/{rma}/edits")
        changed = who.post(f"/drafts/{draft['id']}", wanted, method="PATCH", If_Match=f'"{draft["version"]}"')
        path, version = f"/drafts/{draft['id']}", f'"{changed["version"]}"'
        answer = who.send("POST", f"{path}/confirmation", {}, If_Match=version)
        if answer.status_code == 200:
            return None
        who.post(f"{path}/voidance", If_Match=version)
        return [issue["code"] for issue in answer.get_json()["issues"]]

    more = [{"product": product, "quantity": "-2"}]
    assert edit(clerk, add_lines=more) == ["RET_WITHOUT_RECEIPT"]
    assert edit(manager, add_lines=more) is None
    assert edit(clerk, change_lines=[{"line": 2, "quantity": "-5"}]) == ["RET_WITHOUT_RECEIPT"]
    assert edit(clerk, change_lines=[{"line": 2, "quantity": "-1"}]) is None
    assert clerk.patch(f"/returns/{rma}/lines/1", quantity="-1")["lines"][1]["unreferenced"] is True


def test_purchases_that_look_alike_are_offered_first(town, desk):
    desk.set("returns.look_alike_days", "30")
    customer, product = desk.customer(), desk.product(stock="0")
    elsewhere = town.desk()
    elsewhere.stock(product, "5", "60.00")
    invoice = elsewhere.sell(customer, (product, "2"))
    assert desk.refused("/returns", blind(desk, customer, product)) == ["RET_PURCHASE_FOUND"]
    assert desk.problem["issues"][0]["expected"] == {"purchases": f"{invoice} line 1"}
    (found,) = desk.get(f"/returns/purchases?product={product}&customer={customer}")["lines"]
    assert (found["invoice"], found["line"], found["returnable"]) == (invoice, 1, "2")
    assert desk.post("/returns", blind(desk, customer, product, without_receipt=True))["lines"][0]["unreferenced"] is True
    assert desk.post("/returns", blind(desk, customer, product, "-3"))["total"] == "-300.00"
    desk.come_back(customer, invoice)
    assert desk.get(f"/returns/purchases?product={product}&customer={customer}")["lines"] == []


def test_a_purchase_is_found_by_the_reference_of_its_payment(desk):
    product = desk.product()
    sale = {"lines": [{"product": product, "quantity": "1"}], "payments": [{"tender": "card", "amount": "100.00", "reference": f"PAN-{product}"}]}
    sold = desk.post("/sales", {"store": desk.store, **sale})
    (found,) = desk.get(f"/returns/purchases?product={product}&reference=PAN-{product}&days=10")["lines"]
    assert found["invoice"] == sold["invoice"]
    assert desk.get(f"/returns/purchases?product={product}&reference=PAN-OTHER")["lines"] == []


def test_the_lowest_price_of_the_last_days_is_paid_back(desk):
    desk.set("returns.unreferenced_price", "lowest")
    customer, product = desk.customer(), desk.product(price=None)
    prices = [("80.00", "2025-01-01", "2026-01-31"), ("70.00", "2026-02-01", "2026-02-10"), ("95.00", "2026-02-11", None)]
    entries = [{"product": product, "unit_price": p, "from_date": since, **({"to_date": until} if until else {})} for p, since, until in prices]
    desk.post("/prices", {"price_list": "RETAIL", "prices": entries})
    made = desk.post("/returns", blind(desk, customer, product))
    assert (made["total"], made["lines"][0]["price_origin"]) == ("-70.00", "policy")
    desk.set("returns.lowest_price_days", "10")
    assert desk.post("/returns", blind(desk, customer, product))["total"] == "-95.00"


def test_a_customer_returns_so_much_without_a_receipt_and_no_more(desk):
    desk.set("returns.unreferenced_cap", "150.00")
    customer, product = desk.customer(), desk.product()
    clerk, manager = desk.by("cashier"), desk.by("store_manager")
    assert manager.post("/returns", blind(desk, customer, product))["total"] == "-100.00"
    assert clerk.refused("/returns", blind(desk, customer, product)) == ["RET_WITHOUT_RECEIPT", "RET_CAP_EXCEEDED"]
    shown = manager.post("/returns", blind(desk, customer, product))
    assert [w["code"] for w in shown["warnings"]] == ["RET_WITHOUT_RECEIPT", "RET_CAP_EXCEEDED"]
    desk.set("returns.unreferenced_cap_days", "1")
    assert [w["code"] for w in manager.post("/returns", {**blind(desk, customer, product), "date": "2026-03-01"})["warnings"]][1:] == ["RET_CAP_EXCEEDED"]
    other = desk.customer()
    manager.post("/returns", {**blind(desk, other, product), "date": "2026-03-01"})
    assert [w["code"] for w in manager.post("/returns", blind(desk, other, product))["warnings"]] == ["RET_WITHOUT_RECEIPT"], "that was before"
    ((code,),) = desk.rows("SELECT code FROM kernel_audit WHERE outcome = 'done' AND detail LIKE ?", f"%{shown['id']}%")
    assert code == "RET_WITHOUT_RECEIPT, RET_CAP_EXCEEDED"


def test_they_stand_in_a_report_with_who_made_and_who_allowed_them(desk):
    customer, product = desk.customer(), desk.product()
    first, second = desk.by("store_manager"), desk.by("store_manager")
    clerk = desk.by("cashier")
    rma = approved(clerk, first, "/returns", blind(desk, customer, product))["rma_number"]
    more = {"lines": [desk.line(product, "-2")]}
    approved(clerk, second, f"/returns/{rma}/lines", more, If_Match=desk.send("GET", f"/returns/{rma}").headers["ETag"])
    rows = desk.get(f"/reports/returns.unreferenced?store={desk.store}")["rows"]
    assert [(row["rma_number"], row["customer"], row["product"], row["quantity"], row["total"]) for row in rows] == [
        (rma, customer, product, "1", "100.00"), (rma, customer, product, "2", "200.00"),
    ]  # fmt: skip
    assert {row["allowed_by"] for row in rows} == {"A clerk"}
    made = desk.rows("SELECT DISTINCT created_by FROM kernel_document WHERE id = ?", desk.rma(rma)["id"])
    assert [(row["made_by"],) for row in rows] == made * 2


def approved(clerk, manager, path, ask, **headers):
    """Let a clerk do what a manager allows."""
    assert clerk.refused(path, ask, **headers) == ["RET_WITHOUT_RECEIPT"]
    token = clerk.problem["approval"]["token"]
    manager.post(f"/approvals/{token}/grant", {})
    return clerk.post(path, ask, Kassa_Approval=token, **headers)
