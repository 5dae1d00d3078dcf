"""Goods that come back to the demo shop: the codes that ship with it, and pieces of real purchases that are taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kassa_demo import data, shop

if TYPE_CHECKING:
    from pathlib import Path

    from kassa.cli.session import Session

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
IMPORT = "returns.import"


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


def imported(session: Session, path: Path) -> str:
    """Import the cancellations of a slice by the code of `kassa import returns`, unless that was done already; tells what they come to."""
    from kassa.cli.importing import finished_import, import_file
    from kassa.cli.output import decimal
    from kassa.kernel.values import currency

    job = finished_import(session, IMPORT, path, data.MAPPING)
    if job is None:
        job = import_file(session, IMPORT, path, data.MAPPING, None, label="Importing returns").job
    found, code = job.summary, shop.ENTITY["currency"]
    lines = f"{found['lines_with_receipt']:,} lines with and {found['lines_without_receipt']:,} without their invoice"
    return f"{found['posted']:,} with {lines}, {decimal(found['amount_minor'], currency(code).exponent)} {code}"


def take_back(do: Callable[..., Any], every: Callable[..., list[dict[str, Any]]]) -> list[tuple[str, str]]:
    """Let two pieces of customers' purchases come back to the first store, once: one is credited, the other waits for inspection."""
    known = [found for found in every("returns.list") if found["store"] == STORE]
    if known:
        return [("taken back", f"{len(known)} returns in {STORE}, the first of them {known[-1]['rma_number']}")]
    fitting = _bought(do, every)
    told = [("taken back", _credited(do, next(fitting, None))), ("to be inspected", _inspected(do, next(fitting, None)))]
    return [(what, text) for what, text in told if text is not None]


Bought = tuple[str, dict[str, Any]]


def _bought(do: Callable[..., Any], every: Callable[..., list[dict[str, Any]]]) -> Iterator[Bought]:
    """Give a line of each purchase of which a piece may come back, with its customer."""
    for listed in every("sales.list_orders", {"type": "sales"}):
        order = do("sales.read_order", {"order": listed["id"]})
        left = do("returns.read_returnable", {"order": listed["id"]})["lines"] if order["customer"] is not None else []
        fitting = [line for line in left if Decimal(line["returnable"]) >= 1 and Decimal(line["net"]) > 0]
        if fitting:
            yield order["customer"], fitting[0]


def _arrived(do: Callable[..., Any], key: str, bought: Bought, reason: str, **decided: Any) -> tuple[str, dict[str, Any]]:
    """Let a piece come back: a return order, and the arrival of its goods; the RMA number, and the line of the arrival."""
    customer, line = bought
    invoices = [{"invoice": line["invoice"], "lines": [{"line": line["line"], "quantity": "1"}]}]
    made = do("returns.create", {"store": STORE, "customer": customer, "reason": reason, "invoices": invoices}, key=key)
    rma = made["rma_number"]
    arrival = {"store": STORE, "lines": [{"rma": rma, "line": 1, **decided}]}
    return rma, do("returns.register_arrival", arrival, key=f"{key}-arrival")["lines"][0]


def _credited(do: Callable[..., Any], bought: Bought | None) -> str | None:
    """Take a piece back up to its credit note."""
    if bought is None:
        return None
    rma, _ = _arrived(do, "demo-return", bought, "CHANGED", disposition="RS")
    do("sales.post_packing_slip", {"order": rma}, key="demo-return-slip")
    (note,) = do("sales.post_invoices", {"orders": [{"order": rma}]}, key="demo-return-credit")["invoices"]
    return f"{rma}: {bought[1]['product']} of {bought[1]['invoice']}, credited by {note['number']} with {note['total']}"


def _inspected(do: Callable[..., Any], bought: Bought | None) -> str | None:
    """Take a piece back that waits until somebody looks at it."""
    if bought is None:
        return None
    rma, line = _arrived(do, "demo-inspected", bought, "FAULTY", quarantine=True)
    return f"{rma}: {bought[1]['product']} of {bought[1]['invoice']}, waits in {line['quarantine_warehouse']} as {line['quarantine_order']}"
