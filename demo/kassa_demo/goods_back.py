"""Goods that come back to the demo shop: the codes that ship with it, and a real return of a real purchase."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

GROUPS = (("QUALITY", "Something is wrong with it"), ("CHOICE", "The customer wants something else"))
REASONS: tuple[dict[str, Any], ...] = (
    {"code": "DAMAGED", "name": "Arrived damaged", "group": "QUALITY"},
    {"code": "FAULTY", "name": "Does not work", "group": "QUALITY"},
    {"code": "WRONG", "name": "Wrong item sent", "group": "QUALITY"},
    {"code": "CHANGED", "name": "Changed their mind", "group": "CHOICE"},
)
DISPOSITIONS: tuple[dict[str, Any], ...] = (
    {"code": "RS", "name": "Resale: back on the shelf", "action": "credit"},
    {"code": "RSF", "name": "Back on the shelf, for a restocking fee of 5 %", "action": "credit", "charges": [{"code": "handling", "rate": "-0.05"}]},
    {"code": "SC", "name": "Scrap", "action": "scrap"},
    {"code": "DC", "name": "To charity", "action": "scrap"},
    {"code": "KEEP", "name": "Credited, the customer keeps it", "action": "credit_only"},
    {"code": "EX", "name": "Exchange, put back", "action": "replace_and_credit"},
    {"code": "SCX", "name": "Scrap and send another", "action": "replace_and_scrap"},
    {"code": "RP", "name": "Repair and give back", "action": "return_to_customer"},
)
STORE, QUARANTINE = "S001", "QUARANTINE"


def enabled(registry: Any) -> bool:
    """Tell whether goods can be taken back in this installation."""
    from kassa import Operation

    return registry.find(Operation, "returns.create") is not None


def set_up(do: Callable[..., Any], every: Callable[..., list[dict[str, Any]]]) -> str:
    """Make the codes that are missing, and say where goods wait; tells what there is."""
    known = {group["code"] for group in every("returns.list_reason_groups")}
    for code, name in GROUPS:
        if code not in known:
            do("returns.create_reason_group", {"code": code, "name": name})
    for operation, listed, records in (
        ("returns.create_reason_code", "returns.list_reason_codes", REASONS),
        ("returns.create_disposition_code", "returns.list_disposition_codes", DISPOSITIONS),
    ):
        there = {record["code"] for record in every(listed)}
        for record in records:
            if record["code"] not in there:
                do(operation, record)
    places = {place["code"]: place for place in every("org.list_warehouses")}
    if places[STORE]["quarantine_warehouse_id"] is None:
        do("org.change_warehouse", {"warehouse": places[STORE]["id"], "quarantine_warehouse": places[QUARANTINE]["id"]})
    return f"{len(REASONS)} reasons, {len(DISPOSITIONS)} dispositions"


def take_back(do: Callable[..., Any], every: Callable[..., list[dict[str, Any]]]) -> str | None:
    """Take one piece of a customer's purchase back in the first store, from the return order to the credit note; once."""
    known = every("returns.list")
    if known:
        return f"{len(known)} returns, the first of them {known[-1]['rma_number']}"
    for listed in every("sales.list_orders", {"type": "sales"}):
        order = do("sales.read_order", {"order": listed["id"]})
        left = do("returns.read_returnable", {"order": listed["id"]})["lines"] if order["customer"] is not None else []
        fitting = [line for line in left if Decimal(line["returnable"]) >= 1 and Decimal(line["net"]) > 0]
        if fitting:
            return _returned(do, order["customer"], fitting[0])
    return None


def _returned(do: Callable[..., Any], customer: str, bought: dict[str, Any]) -> str:
    lines = [{"line": bought["line"], "quantity": "1"}]
    made = do(
        "returns.create",
        {"store": STORE, "customer": customer, "reason": "CHANGED", "invoices": [{"invoice": bought["invoice"], "lines": lines}]},
        key="demo-return",
    )
    rma = made["rma_number"]
    do("returns.register", {"rma": rma, "lines": [{"line": 1, "disposition": "RS"}]}, key="demo-return-arrival")
    do("sales.post_packing_slip", {"order": rma}, key="demo-return-slip")
    (note,) = do("sales.post_invoices", {"orders": [{"order": rma}]}, key="demo-return-credit")["invoices"]
    return f"{rma}: {bought['product']} of {bought['invoice']}, credited by {note['number']} with {note['total']}"
