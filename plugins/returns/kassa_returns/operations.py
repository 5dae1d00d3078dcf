"""Operations of returns: return orders, arrivals, quarantine orders."""

from __future__ import annotations

from typing import Any

from kassa import Http, Operation, page_of
from kassa_returns import agreements, codes, creating, editing, finding, inspecting, listing, receiving, vendors
from kassa_returns.documents import TYPE
from kassa_returns.messages import orders
from kassa_returns.messages import receiving as received

READ, MAKE, RECEIVE, INSPECT = "returns.read", "returns.create", "returns.receive", "returns.inspect"
RMA, ORDER = "RMA-S001-000001", "QO-S001-000001"


def _read(name: str, summary: str, path: str, handler: Any, request: Any, response: Any, **more: Any) -> Operation:
    return Operation(
        name=f"returns.{name}", summary=summary, effect="read", http=Http(method="GET", path=path), request=request, response=response,
        permission=more.pop("permission", READ), handler=handler, **more,
    )  # fmt: skip


def _act(name: str, summary: str, method: Any, path: str, handler: Any, request: Any, response: Any, permission: str, **more: Any) -> Operation:
    http = Http(method=method, path=path, status=201 if more.pop("creates", False) else 200, location=more.pop("location", None))
    return Operation(
        name=f"returns.{name}", summary=summary, effect="post" if method == "POST" else "edit", http=http, request=request, response=response,
        permission=permission, handler=handler, **more,
    )  # fmt: skip


ORDERS = (
    _act("create", "Create a return order", "POST", "/returns", creating.create, orders.CreateReturn, orders.ReturnView, MAKE, creates=True,
        location="/returns/{rma_number}", scope="acting_store",
        description="Authorises a return; nothing is posted. Lines by hand, or from invoices of any store by find sales order.",
        rules=("RET-01", "RET-02", "RET-03", "RET-04", "RET-05", "RET-06", "RET-11", "RET-12", "RET-17", "RET-22", "RET-53"),
        example={"store": "S001", "customer": "C0001", "lines": [{"product": "85123A", "quantity": "-1"}]}),
    _read("list", "List return orders", "/returns", listing.list_returns, orders.ListReturns, page_of(orders.ReturnSummaryView), collection=True,
        rules=("RET-54",)),
    _read("read", "Show a return order", "/returns/{rma}", listing.read_return, orders.ReadReturn, orders.ReturnView, rules=("RET-02", "RET-03")),
    _read("read_document", "Show the return document for print", "/returns/{rma}/document", listing.read_document, orders.ReadReturn,
        orders.DocumentView, rules=("RET-37",)),
    _read("read_acknowledgement", "Show the acknowledgement of goods for print", "/returns/{rma}/acknowledgement",
        listing.read_acknowledgement, orders.ReadReturn, orders.DocumentView, rules=("RET-37",)),
    _act("change", "Change the header of a return order", "PATCH", "/returns/{rma}", editing.change_header, orders.ChangeReturn,
        orders.ReturnView, MAKE, on="order", on_type=TYPE, rules=("RET-04", "RET-06", "RET-16", "RET-19"), example={"rma": RMA, "deadline": "2026-12-31"}),
    _act("add_lines", "Add lines to a return order", "POST", "/returns/{rma}/lines", creating.add_lines, orders.AddLines, orders.ReturnView,
        MAKE, creates=True, on="order", on_type=TYPE, steps=("order.change",), rules=("RET-11", "RET-12", "RET-15", "RET-17"),
        example={"rma": RMA, "lines": [{"product": "85123A", "quantity": "-1"}]}),
    _act("change_line", "Change a line of a return order", "PATCH", "/returns/{rma}/lines/{line}", editing.change_line, orders.ChangeLine,
        orders.ReturnView, MAKE, on="order", on_type=TYPE, rules=("RET-18", "RET-19", "RET-20", "RET-21", "RET-44", "RET-47"),
        example={"rma": RMA, "line": "1", "slip_reference": "PS-77"}),
    _act("cancel_line", "Cancel a line of a return order", "POST", "/returns/{rma}/lines/{line}/cancellation", editing.cancel_line,
        orders.LineOfReturn, orders.ReturnView, MAKE, on="order", on_type=TYPE, steps=("order.change",), example={"rma": RMA, "line": "1"}),
    _act("cancel", "Cancel a return order", "POST", "/returns/{rma}/cancellation", editing.cancel, orders.ReadReturn, orders.ReturnView, MAKE,
        on="order", on_type=TYPE, steps=("order.change", "order.cancel"), rules=("RET-50",)),
    _act("delete", "Delete return orders of which nothing came", "POST", "/returns/deletions", editing.delete, orders.DeleteReturns,
        orders.DeletedView, MAKE, rules=("RET-52",), example={"returns": [RMA], "confirm": True}),
    _act("create_replacement", "Make a replacement order before the goods come", "POST", "/returns/{rma}/replacements",
        editing.create_replacement, orders.CreateReplacement, orders.ReplacementView, MAKE, creates=True, on="order", on_type=TYPE,
        rules=("RET-46", "RET-47", "RET-49"), example={"rma": RMA, "copy_lines": True}),
    _read("read_returnable", "Show what of an order may still come back", "/orders/{order}/returnable-lines", finding.read_returnable,
        orders.ReadReturnable, orders.ReturnableView, rules=("RET-12",)),
    _read("find_purchases", "Find purchases that goods without a receipt may come from", "/returns/purchases", finding.find_purchases,
        orders.FindPurchases, orders.ReturnableView),
)  # fmt: skip
RECEIVING = (
    _act("register_arrival", "Register goods that came back", "POST", "/returns/arrivals", receiving.register_arrival,
        received.RegisterArrival, received.ArrivalView, RECEIVE, creates=True, location="/returns/arrivals/{number}", scope="acting_store",
        description="An arrival journal over one or several return orders: each line gets a disposition code, or goes to quarantine.",
        rules=("RET-07", "RET-23", "RET-24", "RET-25", "RET-27", "RET-28", "RET-29", "RET-30", "RET-31", "RET-32", "RET-54"),
        example={"lines": [{"rma": RMA, "line": 1, "disposition": "RS"}]}),
    _act("register", "Register goods directly from the lines of a return", "POST", "/returns/{rma}/registrations", receiving.register,
        received.Register, received.ArrivalView, RECEIVE, creates=True, on="order", on_type=TYPE, rules=("RET-07", "RET-26", "RET-27", "RET-30"),
        example={"rma": RMA, "lines": [{"line": 1, "disposition": "RS"}]}),
    _read("list_arrivals", "List arrivals", "/returns/arrivals", listing.list_arrivals, received.ListArrivals, page_of(received.ArrivalView),
        collection=True),
    _read("read_arrival", "Show an arrival", "/returns/arrivals/{arrival}", listing.read_arrival, received.ReadArrival, received.ArrivalView),
    _act("post_arrival", "Register goods that came back from inspection", "POST", "/returns/arrivals/{arrival}/posting",
        inspecting.post_arrival, received.PostArrival, received.ArrivalView, RECEIVE, on="returns.arrival", steps=("returns.arrival.post",),
        rules=("RET-34", "RET-35", "RET-36")),
    _read("list_quarantine_orders", "List quarantine orders", "/returns/quarantine-orders", listing.list_quarantine, received.ListQuarantine,
        page_of(received.QuarantineView), collection=True, rules=("RET-32",)),
    _read("read_quarantine_order", "Show a quarantine order", "/returns/quarantine-orders/{quarantine_order}", listing.read_quarantine,
        received.ReadQuarantine, received.QuarantineView),
    _act("start_quarantine_order", "Start an inspection", "POST", "/returns/quarantine-orders/{quarantine_order}/start", inspecting.start,
        received.ReadQuarantine, received.QuarantineView, INSPECT, on="returns.quarantine_order", steps=("returns.quarantine_order.start",)),
    _act("split_quarantine_order", "Give a part of the goods an order of its own", "POST",
        "/returns/quarantine-orders/{quarantine_order}/split", inspecting.split, received.SplitQuarantine, received.QuarantineView, INSPECT,
        creates=True, on="returns.quarantine_order", steps=("returns.quarantine_order.split",), rules=("RET-33",),
        example={"quarantine_order": ORDER, "quantity": "3"}),
    _act("end_quarantine_order", "Decide about goods and register them", "POST", "/returns/quarantine-orders/{quarantine_order}/ending",
        inspecting.end, received.Decide, received.QuarantineView, INSPECT, on="returns.quarantine_order",
        steps=("returns.quarantine_order.conclude",), rules=("RET-07", "RET-27", "RET-34"),
        example={"quarantine_order": ORDER, "disposition": "RS"}),
    _act("report_quarantine_order", "Decide about goods and hand them back to receiving", "POST",
        "/returns/quarantine-orders/{quarantine_order}/report", inspecting.report, received.Decide, received.ArrivalView, INSPECT,
        creates=True, on="returns.quarantine_order", steps=("returns.quarantine_order.report",), rules=("RET-07", "RET-34", "RET-36"),
        example={"quarantine_order": ORDER, "disposition": "RS"}),
    _act("delete_quarantine_order", "Delete a quarantine order that was not started, or is over", "DELETE",
        "/returns/quarantine-orders/{quarantine_order}", inspecting.delete, received.ReadQuarantine, received.QuarantineView, INSPECT,
        on="returns.quarantine_order", steps=("returns.quarantine_order.delete",)),
)  # fmt: skip
OPERATIONS = (*codes.OPERATIONS, *ORDERS, *RECEIVING, *vendors.OPERATIONS, *agreements.OPERATIONS)
