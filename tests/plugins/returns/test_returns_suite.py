"""What every plugin must hold to, asked of returns."""

from kassa.testing.builders import build_shop, furnish, line
from kassa.testing.suite import plugin_suite
from kassa_returns import hooks


def tell(engine):
    """Goods come back in every way: by arrival, registration and inspection, with and without a receipt, replaced and cancelled."""
    shop = furnish(build_shop(engine))
    shop.perform("org.create_warehouse", {"code": "QUAR", "name": "Quarantine", "kind": "quarantine"})
    actions = {"RS": "credit", "SC": "scrap", "EX": "replace_and_credit"}
    for code, action in actions.items():
        charge = [{"code": "handling", "amount": "1"}]
        shop.perform("returns.create_disposition_code", {"code": code, "name": code, "action": action, "charges": charge})
    shop.perform("returns.create_reason_code", {"code": "WHIM", "name": "A whim", "charges": [{"code": "handling", "rate": "0.01"}]})
    shop.perform("returns.create_agreement", {"code": "A-1", "customer": "C0001", "product": "LAMP", "committed": "100"})
    invoices = []
    for product in ("LAMP", "VASE", "LAMP"):
        link = {"extensions": {"returns.agreement": {"agreement": "A-1"}}} if product == "LAMP" else {}
        order = shop.order(line(product, "2", **link), customer="C0001")
        invoices += shop.invoice(order["number"], quantity_basis="all")
    made = [_create(shop, invoices=[{"invoice": invoice["number"]}], reason="WHIM") for invoice in invoices]
    first, second, third = (found["rma_number"] for found in made)
    arrival = {"rma": second, "line": 1, "quarantine": True, "quarantine_warehouse": "QUAR"}
    lines = [{"rma": first, "line": 1, "quantity": "1", "disposition": "EX", "replacement": {}}, arrival]
    shop.perform("returns.register_arrival", {"store": "S001", "lines": lines})
    (waiting,) = shop.perform("returns.list_quarantine_orders", {})["items"]
    part = shop.perform("returns.split_quarantine_order", {"quarantine_order": waiting["number"], "quantity": "1"})
    shop.perform("returns.end_quarantine_order", {"quarantine_order": waiting["number"], "disposition": "SC"})
    back = shop.perform("returns.report_quarantine_order", {"quarantine_order": part["number"], "disposition": "RS"})
    shop.perform("returns.post_arrival", {"arrival": back["number"]})
    for rma in (first, second):
        shop.deliver(rma)
        shop.invoice(rma)
    shop.perform("returns.change_line", {"rma": third, "line": "1", "quantity": "-1"})
    replacement = shop.perform("returns.create_replacement", {"rma": third, "copy_lines": True})
    shop.perform("sales.cancel_order", {"order": replacement["number"]})
    shop.perform("returns.cancel", {"rma": third})
    _create(shop, lines=[line("VASE", "-1", without_receipt=True)])
    return [waiting["id"], back["id"], part["id"], *(found["id"] for found in made)]


def _create(shop, **more):
    return shop.perform("returns.create", {"store": "S001", "customer": "C0001", **more})


TestSuite = plugin_suite("returns", {"returns": hooks}, story=tell)
