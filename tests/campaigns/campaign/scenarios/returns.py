"""Scenarios of returns: goods that customers bring back, what is inspected, and what goes on to vendors."""

from __future__ import annotations

from typing import Any

from campaign.scenarios import Case, Command, Stage, mix, scenario


def sold(stage: Stage, quantity: str = "3", prefix: str = "P") -> tuple[str, str]:
    """Pieces of a new product that were sold on account of C0001; product and invoice."""
    product = stage.product(quantity, prefix)
    order = stage.shop.order({"product": product, "quantity": quantity}, customer="C0001")["number"]
    invoice: str = stage.shop.invoice(order, quantity_basis="all")[0]["number"]
    return product, invoice


def back(product: str, invoice: str, quantity: str = "-1") -> Command:
    """A line that takes back what an invoice sold."""
    return {"product": product, "quantity": quantity, "source": {"invoice": invoice, "line": 1}}


def coming(stage: Stage, **lines: Any) -> Command:
    """A request of C0001, who brings goods back."""
    return {"store": stage.shop.store, "customer": "C0001", **lines}


def expected(stage: Stage, lines: int = 1, prefix: str = "P") -> str:
    """A return of three pieces on one line, or of one piece on each of more lines; its RMA number."""
    product, invoice = sold(stage, prefix=prefix)
    asked = [back(product, invoice)] * lines if lines > 1 else [back(product, invoice, "-3")]
    rma: str = stage.shop.perform("returns.create", coming(stage, lines=asked))["rma_number"]
    return rma


def code(stage: Stage) -> str:
    """A disposition code that credits and puts goods on the shelf."""
    made = stage.name("D")
    stage.shop.perform("returns.create_disposition_code", {"code": made, "name": "To the shelf", "action": "credit"})
    return made


@scenario("returns.create")
def create(stage: Stage) -> Case:
    """One of three pieces that were sold."""
    return Case(command=coming(stage, lines=[back(*sold(stage))]), permitted=3, varies=("sales_source", "sales_source_tax"))


@scenario("returns.add_lines")
def add_lines(stage: Stage) -> Case:
    """One more of four pieces, of which one was on the return already."""
    line = back(*sold(stage, "4"))
    rma = stage.shop.perform("returns.create", coming(stage, lines=[line]))["rma_number"]
    return Case(command={"rma": rma, "lines": [line]}, permitted=3)


@scenario("returns.cancel_line")
def cancel_line(stage: Stage) -> Case:
    """One of three lines, once."""
    return Case(command={"rma": expected(stage, 3), "line": "2"})


@scenario("returns.cancel")
def cancel(stage: Stage) -> Case:
    """A return ends once."""
    return Case(command={"rma": expected(stage)})


@scenario("returns.delete")
def delete(stage: Stage) -> Case:
    """A return that is deleted is not found any more."""
    return Case(command={"returns": [expected(stage)], "confirm": True})


@scenario("returns.create_replacement")
def create_replacement(stage: Stage) -> Case:
    """Orders that replace goods before they come are independent, and nothing says how many there are."""
    return Case(command={"rma": expected(stage), "copy_lines": True}, permitted=None)


@scenario("returns.register")
def register(stage: Stage) -> Case:
    """One of three pieces of a line; what is still to come stands on a line of its own from then on."""
    return Case(command={"rma": expected(stage), "lines": [{"line": 1, "quantity": "1", "disposition": code(stage)}]})


@scenario("returns.register_arrival")
def register_arrival(stage: Stage) -> Case:
    """All three pieces of a line arrive once."""
    return Case(command={"store": stage.shop.store, "lines": [{"rma": expected(stage), "line": 1, "disposition": code(stage)}]})


def inspected(stage: Stage, *, started: bool = True, lines: int = 1) -> tuple[str, str]:
    """The first line of a return is in quarantine; RMA number, and number of the quarantine order."""
    shop, rma, place = stage.shop, expected(stage, lines), stage.name("W")
    shop.perform("org.create_warehouse", {"code": place, "name": "Quarantine", "kind": "quarantine"})
    line = {"rma": rma, "line": 1, "quarantine": True, "quarantine_warehouse": place}
    arrived = shop.perform("returns.register_arrival", {"store": shop.store, "lines": [line], "start_inspection": started})
    return rma, arrived["lines"][0]["quarantine_order"]


@scenario("returns.start_quarantine_order")
def start_quarantine_order(stage: Stage) -> Case:
    """An inspection begins once."""
    return Case(command={"quarantine_order": inspected(stage, started=False)[1]})


@scenario("returns.split_quarantine_order")
def split_quarantine_order(stage: Stage) -> Case:
    """One of three pieces; the last one stays."""
    return Case(command={"quarantine_order": inspected(stage)[1], "quantity": "1"}, permitted=2)


@scenario("returns.end_quarantine_order")
def end_quarantine_order(stage: Stage) -> Case:
    """It is decided once."""
    return Case(command={"quarantine_order": inspected(stage)[1], "disposition": code(stage)})


@scenario("returns.report_quarantine_order")
def report_quarantine_order(stage: Stage) -> Case:
    """It is decided once, and one arrival waits for it."""
    return Case(command={"quarantine_order": inspected(stage)[1], "disposition": code(stage)})


def reported(stage: Stage, lines: int = 1) -> tuple[str, Command, str]:
    """The first line of a return came back from inspection; RMA number, what was decided there, and number of the arrival."""
    rma, order = inspected(stage, lines=lines)
    decided = {"quarantine_order": order, "disposition": code(stage)}
    return rma, decided, stage.shop.perform("returns.report_quarantine_order", decided)["number"]


@scenario("returns.post_arrival")
def post_arrival(stage: Stage) -> Case:
    """An arrival is posted once."""
    return Case(command={"arrival": reported(stage)[2]})


def registered(stage: Stage, *, delivered: bool = False) -> str:
    """A return whose three pieces came and go to the shelf, or lie there; its RMA number."""
    rma = expected(stage)
    stage.shop.perform("returns.register", {"rma": rma, "lines": [{"line": 1, "disposition": code(stage)}]})
    if delivered:
        stage.shop.deliver(rma)
    return rma


@scenario("returns.return_to_vendor")
def return_to_vendor(stage: Stage) -> Case:
    """Goods leave for their vendor once."""
    return Case(command={"rma": registered(stage, delivered=True), "vendor": "V0001"})


@mix("one return")
def one_return(stage: Stage) -> list[tuple[str, Command]]:
    """A return of which nothing came yet is cancelled and deleted, gets a line more, is replaced, and its goods come."""
    product, invoice = sold(stage, "4")
    rma = stage.shop.perform("returns.create", coming(stage, lines=[back(product, invoice, "-3")]))["rma_number"]
    return [
        ("returns.cancel", {"rma": rma}),
        ("returns.delete", {"returns": [rma], "confirm": True}),
        ("returns.add_lines", {"rma": rma, "lines": [back(product, invoice)]}),
        ("returns.cancel_line", {"rma": rma, "line": "1"}),
        ("returns.create_replacement", {"rma": rma, "copy_lines": True}),
        ("returns.register", {"rma": rma, "lines": [{"line": 1, "quantity": "1", "disposition": code(stage)}]}),
    ]


@mix("one parcel", permitted=1)
def one_parcel(stage: Stage) -> list[tuple[str, Command]]:
    """All that is expected comes at the desk and as an arrival, while its return is cancelled."""
    rma, disposition = expected(stage), code(stage)
    return [
        ("returns.register", {"rma": rma, "lines": [{"line": 1, "disposition": disposition}]}),
        ("returns.register_arrival", {"store": stage.shop.store, "lines": [{"rma": rma, "line": 1, "disposition": disposition}]}),
        ("returns.cancel", {"rma": rma}),
        ("returns.cancel_line", {"rma": rma, "line": "1"}),
    ]


@mix("one piece that was sold", permitted=1)
def one_piece(stage: Stage) -> list[tuple[str, Command]]:
    """A piece comes back by a return, as a line of another one, and over the counter."""
    line = back(*sold(stage, "1"))
    other = expected(stage, prefix="Q")
    return [
        ("returns.create", coming(stage, lines=[line])),
        ("returns.add_lines", {"rma": other, "lines": [line]}),
        ("sales.sell", coming(stage, lines=[line], payments=[{"tender": "cash", "amount": "-12.10"}])),
    ]


@mix("one piece in three stores", permitted=1)
def one_piece_in_three_stores(stage: Stage) -> list[tuple[str, Command]]:
    """The same piece is brought back in each of three stores, by a return and over the counter."""
    line, stores = back(*sold(stage, "1")), [stage.shop.store, stage.name("S"), stage.name("T")]
    for store in stores[1:]:
        stage.shop.perform("org.create_store", {"number": store, "name": f"Store {store}", "price_includes_tax": False})
    paid_out = [{"tender": "cash", "amount": "-12.10"}]
    return [
        *(("returns.create", coming(stage, lines=[line]) | {"store": store}) for store in stores),
        *(("sales.sell", coming(stage, lines=[line], payments=paid_out) | {"store": store}) for store in stores),
    ]


@mix("one inspection", permitted=4)
def one_inspection(stage: Stage) -> list[tuple[str, Command]]:
    """Goods in quarantine are divided, decided about, and handed back to receiving."""
    _, order = inspected(stage)
    decided = {"quarantine_order": order, "disposition": code(stage)}
    return [
        ("returns.split_quarantine_order", {"quarantine_order": order, "quantity": "1"}),
        ("returns.end_quarantine_order", decided),
        ("returns.report_quarantine_order", decided),
    ]


@mix("one arrival", permitted=2)
def one_arrival(stage: Stage) -> list[tuple[str, Command]]:
    """A line that came back from inspection is registered by its arrival and by its quarantine order; another comes. To cancel is too late."""
    rma, decided, arrival = reported(stage, lines=3)
    return [
        ("returns.post_arrival", {"arrival": arrival}),
        ("returns.end_quarantine_order", decided),
        ("returns.cancel", {"rma": rma}),
        ("returns.register", {"rma": rma, "lines": [{"line": 2, "disposition": decided["disposition"]}]}),
    ]


@mix("one return on the shelf", permitted=4)
def one_return_on_the_shelf(stage: Stage) -> list[tuple[str, Command]]:
    """Goods that came back are credited, sent on to their vendor, and sold again."""
    rma = registered(stage, delivered=True)
    line = {"product": stage.name("P"), "quantity": "1"}
    return [
        ("sales.post_invoices", {"orders": [{"order": rma}]}),
        ("returns.return_to_vendor", {"rma": rma, "vendor": "V0001"}),
        ("sales.sell", {"store": stage.shop.store, "lines": [line], "payments": [{"tender": "cash", "amount": "12.10"}]}),
    ]
