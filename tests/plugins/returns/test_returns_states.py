"""What may be done to a return in which state: every act at every state, by the plugin's operations and by those of orders."""

import pytest

from kassa.kernel.invariants import verify

STATES = ("expected", "credit_only", "quarantine", "registered", "received", "invoiced", "cancelled")
OK, LOCKED, STATE, CANNOT = "", "RET_LINES_LOCKED", "RET_STATE", "RET_CANNOT_CANCEL"
LATE, FORBIDS, TAKEN, NOTHING = "RET_REPLACEMENT_LATE", "STATE_FORBIDS", "SALES_QUANTITY_EXCEEDS_OPEN", "INV_NOTHING_TO_POST"
ENDED = "SALES_NOTHING_OPEN"
ACTS = {
    "reason": [OK] * 7,
    "deadline": [OK] * 7,
    "address": [OK] * 7,
    "warehouse": [OK, *[LOCKED] * 5, FORBIDS],
    "add": [OK, *[LOCKED] * 5, FORBIDS],
    "less": [OK, *[STATE] * 6],
    "code": [OK, OK, *[STATE] * 5],
    "replacement": [OK, OK, OK, OK, STATE, STATE, STATE],
    "slip_reference": [OK] * 7,
    "cancel_line": [OK, *[CANNOT] * 6],
    "cancel": [OK, *[CANNOT] * 6],
    "delete": [OK, *[CANNOT] * 5, OK],
    "upfront": [OK, LATE, OK, LATE, LATE, LATE, LATE],
    "register": [OK, *[STATE] * 6],
    "slip": ["RET_NOT_REGISTERED", TAKEN, "RET_NOT_REGISTERED", OK, TAKEN, TAKEN, TAKEN],
    "invoice": ["INV_LINE_NOT_RECEIVED", OK, "INV_LINE_NOT_RECEIVED", OK, OK, NOTHING, NOTHING],
    "order_less": [OK, STATE, STATE, STATE, ENDED, ENDED, ENDED],
    "order_cancel_line": [OK, CANNOT, CANNOT, CANNOT, ENDED, ENDED, ENDED],
    "order_cancel": [OK, CANNOT, CANNOT, CANNOT, "SALES_CANCEL_DELIVERED", "SALES_NOTHING_OPEN", "SALES_NOTHING_OPEN"],
    "order_charge": [OK, OK, OK, OK, OK, FORBIDS, FORBIDS],
}
"""By act: what it answers at each state of the only line of a return, in the order of STATES (RET-15, RET-16, RET-46, RET-50, RET-52)."""


def brought(desk, state):
    """Bring a return of three pieces into a state: product and RMA number."""
    customer, product, invoice = desk.sold_one("3")
    rma = desk.come_back(customer, invoice)["rma_number"]
    if state == "quarantine":
        desk.post("/returns/arrivals", {"store": desk.store, "lines": [{"rma": rma, "line": 1, "quarantine": True}]})
    elif state == "cancelled":
        desk.post(f"/returns/{rma}/cancellation")
    elif state == "credit_only":
        desk.patch(f"/returns/{rma}/lines/1", disposition="CO")
    elif state != "expected":
        desk.register(rma, "RS")
    if state in ("received", "invoiced"):
        desk.slip(rma)
    if state == "invoiced":
        desk.credit(rma)
    return product, rma


def request_of(act, desk, product, rma):
    """Give the request of an act: method, path, body."""
    mine, order, line = f"/returns/{rma}", f"/orders/{rma}", f"/returns/{rma}/lines/1"
    return {
        "reason": ("PATCH", mine, {"reason": f"WHY{desk.store}"}),
        "deadline": ("PATCH", mine, {"deadline": "2026-09-01"}),
        "address": ("PATCH", mine, {"address": {"lines": ["Damrak 1"], "city": "Delft", "country": "NL"}}),
        "warehouse": ("PATCH", mine, {"warehouse": f"W{desk.store}"}),
        "add": ("POST", f"{mine}/lines", {"lines": [desk.line(product)]}),
        "less": ("PATCH", line, {"quantity": "-1"}),
        "code": ("PATCH", line, {"disposition": "SC"}),
        "replacement": ("PATCH", line, {"replacement": {}}),
        "slip_reference": ("PATCH", line, {"slip_reference": "PS-1"}),
        "cancel_line": ("POST", f"{line}/cancellation", {}),
        "cancel": ("POST", f"{mine}/cancellation", {}),
        "delete": ("POST", "/returns/deletions", {"returns": [rma], "confirm": True}),
        "upfront": ("POST", f"{mine}/replacements", {"lines": [{"product": product, "quantity": "1"}]}),
        "register": ("POST", f"{mine}/registrations", {"lines": [{"line": 1, "disposition": "RS"}]}),
        "slip": ("POST", f"{order}/packing-slips", {}),
        "invoice": ("POST", "/invoices", {"orders": [{"order": rma}], "quantity_basis": "all"}),
        "order_less": ("POST", f"{order}/line-cancellations", {"lines": [{"line": 1, "quantity": "1"}]}),
        "order_cancel_line": ("POST", f"{order}/line-cancellations", {"lines": [{"line": 1}]}),
        "order_cancel": ("POST", f"{order}/cancellation", {}),
        "order_charge": ("POST", f"{order}/charges", {"charges": [{"code": "handling", "amount": "1.00"}]}),
    }[act]


@pytest.mark.rule("RET-15", "RET-16", "RET-46", "RET-50", "RET-52")
@pytest.mark.parametrize("state", STATES)
def test_each_act_is_possible_in_its_states_alone(desk, state):
    desk.quarantine()
    desk.post("/returns/reason-codes", {"code": f"WHY{desk.store}", "name": "Why", "charges": [{"code": "handling", "amount": "1"}]})
    desk.post("/warehouses", {"code": f"W{desk.store}", "name": "Elsewhere", "kind": "non_store"})
    found = {}
    for act in ACTS:
        product, rma = brought(desk, state)
        method, path, body = request_of(act, desk, product, rma)
        before = desk.rma(rma)
        if method == "PATCH":
            answer = desk.send(method, path, body)
        else:
            answer = desk.send(method, path, body, If_Match=desk.send("GET", f"/returns/{rma}").headers["ETag"])
        shown = answer.get_json()
        found[act] = OK if answer.status_code < 300 else (shown["issues"] or [shown])[0]["code"]
        if found[act] != OK:
            assert desk.rma(rma) == before
    assert found == {act: answers[STATES.index(state)] for act, answers in ACTS.items()}
    assert verify(desk.engine) == []
