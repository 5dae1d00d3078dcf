"""Arrivals and registrations: what may be registered where, splits, deadlines."""

import pytest

from kassa.kernel.invariants import verify


def arrive(desk, *lines, **more):
    """Register an arrival journal."""
    return desk.post("/returns/arrivals", {"store": desk.store, "lines": list(lines), **more})


def expected(desk, quantity="1", **more):
    """Sell pieces and let them be expected back; product and RMA number."""
    customer, product, invoice = desk.sold_one(quantity, **more)
    return product, desk.come_back(customer, invoice)["rma_number"]


@pytest.mark.rule("RET-07")
def test_a_code_is_given_when_goods_come_or_when_they_are_inspected(desk):
    desk.quarantine()
    _, first = expected(desk)
    _, second = expected(desk)
    made = arrive(desk, {"rma": first, "line": 1, "disposition": "RS"}, {"rma": second, "line": 1, "quarantine": True})
    assert [line["disposition"] for line in made["lines"]] == ["RS", None]
    assert (desk.states(first)[1], desk.states(second)[1]) == (["registered"], ["quarantine"])
    desk.post(f"/returns/quarantine-orders/{made['lines'][1]['quarantine_order']}/ending", {"disposition": "SC"})
    assert (desk.states(second)[1], desk.rma(second)["lines"][0]["disposition"]) == (["registered"], "SC")


@pytest.mark.rule("RET-23", "RET-24")
def test_an_arrival_takes_goods_of_return_orders_alone_and_of_several(desk):
    _, first = expected(desk)
    _, second = expected(desk)
    ask = {"store": desk.store, "lines": [{"rma": "RMA-NONE", "line": 1, "disposition": "RS"}, {"rma": desk.sold_order, "line": 1, "disposition": "RS"}]}
    assert desk.refused("/returns/arrivals", ask) == ["RET_ORDER_UNKNOWN", "RET_MIXED_ARRIVAL"]
    made = arrive(desk, *({"rma": rma, "line": 1, "disposition": "RS"} for rma in (first, second)))
    assert [line["rma_number"] for line in made["lines"]] == [first, second]
    assert desk.get(f"/returns/arrivals/{made['number']}")["lines"] == made["lines"]
    assert made["number"] in [found["number"] for found in desk.get("/returns/arrivals?state=posted")["items"]]


@pytest.mark.rule("RET-25")
@pytest.mark.parametrize("choice", [{}, {"disposition": "RS", "quarantine": True}])
def test_a_code_or_quarantine_and_not_both(desk, choice):
    desk.quarantine()
    _, rma = expected(desk)
    ask = {"store": desk.store, "lines": [{"rma": rma, "line": 1, **choice}]}
    assert desk.refused("/returns/arrivals", ask) == ["RET_CODE_REQUIRED"]
    assert desk.states(rma) == ("created", ["expected"])


@pytest.mark.rule("RET-26")
def test_who_registers_directly_cannot_send_to_quarantine(desk):
    _, rma = expected(desk)
    ask = {"lines": [{"line": 1, "quarantine": True}]}
    assert desk.refused(f"/returns/{rma}/registrations", ask) == ["INPUT_UNKNOWN_FIELD"]


@pytest.mark.rule("RET-27", "RET-47")
@pytest.mark.parametrize("upfront", [False, True])
def test_which_actions_may_be_given_where(desk, upfront):
    desk.quarantine()
    refused = {"CO": "RET_CODE_NOT_ALLOWED"} | ({"EX": "RET_REPLACEMENT_EXISTS", "DX": "RET_REPLACEMENT_EXISTS"} if upfront else {})
    customer, product = desk.customer(), desk.product(stock="30")
    invoice = desk.sell(customer, *((product, "1") for _ in range(12)))
    rma = desk.come_back(customer, invoice)["rma_number"]
    if upfront:
        desk.post(f"/returns/{rma}/replacements", {"lines": [{"product": product, "quantity": "1"}]})
    for number, code in enumerate(("RS", "CO", "SC", "EX", "DX", "RP"), 1):
        if upfront and code in refused and code != "CO":
            assert desk.refused(f"/returns/{rma}/lines/{number}", {"disposition": code}, method="PATCH") == [refused[code]]
        ask = {"store": desk.store, "lines": [{"rma": rma, "line": number, "disposition": code, "replacement": {}}]}
        sent = {"store": desk.store, "lines": [{"rma": rma, "line": number + 6, "quarantine": True}]}
        waiting = desk.post("/returns/arrivals", sent)["lines"][0]["quarantine_order"]
        decide = (f"/returns/quarantine-orders/{waiting}/ending", {"disposition": code, "replacement": {}})
        if code in refused:
            assert (desk.refused("/returns/arrivals", ask), desk.refused(*decide)) == ([refused[code]], [refused[code]])
        else:
            desk.post("/returns/arrivals", ask)
            desk.post(*decide)
    shown = desk.rma(rma)["lines"]
    assert {line["disposition"] for line in shown if line["state"] == "registered"} == {"RS", "SC", "EX", "DX", "RP"} - set(refused)


@pytest.mark.rule("RET-28")
def test_goods_that_must_be_inspected_are(desk):
    group = f"G{desk.store}"
    desk.post("/item-model-groups", {"code": group, "quarantine_management": True})
    code = desk.quarantine()
    _, rma = expected(desk, group=group)
    for choice in ({"quarantine": False, "disposition": "RS"}, {"disposition": "RS"}, {"quarantine": False}):
        assert desk.refused("/returns/arrivals", {"store": desk.store, "lines": [{"rma": rma, "line": 1, **choice}]}) == ["RET_QUARANTINE_FORCED"]
    assert desk.refused(f"/returns/{rma}/registrations", {"lines": [{"line": 1, "disposition": "RS"}]}) == ["RET_QUARANTINE_FORCED"]
    assert arrive(desk, {"rma": rma, "line": 1})["lines"][0]["quarantine_warehouse"] == code


@pytest.mark.rule("RET-29")
def test_it_is_known_where_goods_wait(desk):
    _, rma = expected(desk)
    ask = {"store": desk.store, "lines": [{"rma": rma, "line": 1, "quarantine": True}]}
    assert desk.refused("/returns/arrivals", ask) == ["RET_QUARANTINE_WAREHOUSE_MISSING"]
    code = desk.quarantine()
    assert arrive(desk, *ask["lines"])["lines"][0]["quarantine_warehouse"] == code


@pytest.mark.rule("RET-30", "RET-31")
def test_what_comes_in_part_splits_its_line(desk):
    _, rma = expected(desk, "10")
    made = arrive(desk, {"rma": rma, "line": 1, "quantity": "4", "disposition": "RS"})
    assert (made["lines"][0]["quantity"], made["lines"][0]["partial"]) == ("4", True)
    shown = desk.rma(rma)["lines"]
    assert [(line["quantity"], line["state"], line["total"]) for line in shown] == [("-4", "registered", "-360.00"), ("-6", "expected", "-540.00")]
    assert shown[0]["lot"] != shown[1]["lot"]
    codes = [{"rma": rma, "line": 2, "quantity": "1", "disposition": "SC"}, {"rma": rma, "line": 2, "quantity": "5", "disposition": "RS"}]
    both = arrive(desk, *codes)
    assert [(line["line"], line["partial"]) for line in both["lines"]] == [(2, True), (3, False)]
    assert desk.states(rma) == ("open", ["registered"] * 3)
    desk.slip(rma)
    (note,) = desk.credit(rma)
    assert note["total"] == "-900.00"
    assert verify(desk.engine) == []


@pytest.mark.rule("RET-31")
def test_a_line_that_is_complete_beside_one_that_is_not_there_is_not_partial(desk):
    customer, product = desk.customer(), desk.product()
    invoice = desk.sell(customer, (product, "2"), (product, "3"))
    rma = desk.come_back(customer, invoice)["rma_number"]
    assert arrive(desk, {"rma": rma, "line": 1, "disposition": "RS"})["lines"][0]["partial"] is False
    assert desk.refused("/returns/arrivals", {"store": desk.store, "lines": [{"rma": rma, "line": 2, "quantity": "4", "disposition": "RS"}]}) == [
        "RET_QTY_EXCEEDS_EXPECTED"
    ]
    assert desk.refused(f"/returns/{rma}/registrations", {"lines": [{"line": 1, "disposition": "RS"}, {"line": 9, "disposition": "RS"}]}) == ["SALES_LINE_UNKNOWN"]
    assert desk.refused(f"/returns/{rma}/registrations", {"lines": [{"line": 1, "disposition": "RS"}]}) == ["RET_STATE"]


@pytest.mark.rule("RET-54")
def test_goods_that_come_too_late_need_a_manager(desk):
    _, rma = expected(desk)
    desk.patch(f"/returns/{rma}", deadline="2026-03-01")
    assert rma in [found["rma_number"] for found in desk.get("/returns?expired=true&limit=500")["items"]]
    clerk, manager = desk.by("cashier"), desk.by("store_manager")
    ask = {"store": desk.store, "lines": [{"rma": rma, "line": 1, "disposition": "RS"}]}
    assert clerk.refused("/returns/arrivals", ask) == ["RET_DEADLINE_PASSED"]
    token = clerk.problem["approval"]["token"]
    manager.post(f"/approvals/{token}/grant", {})
    made = clerk.post("/returns/arrivals", ask, Kassa_Approval=token)
    assert made["lines"][0]["late"] is True
    assert desk.rma(rma)["lines"][0]["late"] is True
    _, other = expected(desk)
    desk.patch(f"/returns/{other}", deadline="2026-03-01")
    shown = manager.post("/returns/arrivals", {"store": desk.store, "lines": [{"rma": other, "line": 1, "disposition": "RS"}]})
    assert ([w["code"] for w in shown["warnings"]], shown["lines"][0]["late"]) == (["RET_DEADLINE_PASSED"], True)


@pytest.mark.rule("RET-37")
def test_printing_changes_nothing(desk):
    product, rma = expected(desk)
    before = desk.rma(rma)
    assert desk.get(f"/returns/{rma}/document")["lines"][0]["product"] == product
    assert desk.send("GET", f"/returns/{rma}/acknowledgement").get_json()["code"] == "RET_NOT_REGISTERED"
    assert desk.rma(rma) == before
    desk.register(rma, "RS")
    assert desk.get(f"/returns/{rma}/acknowledgement")["title"] == "Acknowledgement of returned goods"
    assert desk.states(rma) == ("open", ["registered"])
