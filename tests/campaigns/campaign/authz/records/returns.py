"""Records of the plugin `returns`: codes, an agreement, and a return order whose goods wait in quarantine."""

from __future__ import annotations

from campaign.authz.records import Found, Side, records, shared

shared("line", "a line is a number within its document, which stands before it in the path")


@records
def codes(side: Side) -> Found:
    """Reference data of the legal entity, which paths name by code."""
    do, code = side.shop.perform, side.name("X")
    do("returns.create_disposition_code", {"code": code, "name": "Back on the shelf", "action": "credit"})
    do("returns.create_reason_code", {"code": code, "name": "Damaged"})
    do("returns.create_agreement", {"code": code, "customer": "C0001", "product": side.product(), "committed": "100"})
    return {"disposition": code, "returns.reason": code, "agreement": code}


@records
def coming_back(side: Side) -> Found:
    """Two pieces come back: one waits in quarantine, one was inspected and waits for its arrival."""
    shop, product, quarantine = side.shop, side.product("10"), side.name("Q")
    do = shop.perform
    do("org.create_warehouse", {"code": quarantine, "name": "Quarantine", "kind": "quarantine"})
    do("returns.create_disposition_code", {"code": side.name("Y"), "name": "Back on the shelf", "action": "credit"})
    order = shop.order({"product": product, "quantity": "2"}, customer="C0001")["number"]
    (invoice,) = shop.invoice(order, quantity_basis="all")
    rma = do("returns.create", {"store": shop.store, "customer": "C0001", "invoices": [{"invoice": invoice["number"]}]})
    line = {"rma": rma["rma_number"], "line": 1, "quarantine": True, "quarantine_warehouse": quarantine}
    do("returns.register_arrival", {"store": shop.store, "lines": [line]})
    (waiting,) = do("returns.list_quarantine_orders", {"rma": rma["rma_number"]})["items"]
    part = do("returns.split_quarantine_order", {"quarantine_order": waiting["number"], "quantity": "1"})
    arrival = do("returns.report_quarantine_order", {"quarantine_order": part["number"], "disposition": side.name("Y")})
    return {"rma": rma["id"], "quarantine_order": waiting["id"], "arrival": arrival["id"]}
