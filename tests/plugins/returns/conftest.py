"""A returns desk behind the HTTP host: one installation a database, and in it a store with goods of its own for each test."""

import itertools
import re

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.engine import Engine
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.registry import build
from kassa.testing.builders import build_shop
from kassa_flask import HostConfig, create_app
from kassa_returns import hooks

NOW, TODAY = "2026-03-02T10:00:00Z", "2026-03-02"
COUNT = itertools.count(1)
DISPOSITIONS = {
    "RS": "credit", "CO": "credit_only", "SC": "scrap", "EX": "replace_and_credit", "DX": "replace_and_scrap", "RP": "return_to_customer",
}  # fmt: skip
ENTITIES = {"PLAIN": "false", "BOOKS": "true", "CLOSED": "false"}
"""Legal entities by code, and whether their packing slips are posted in the ledger. CLOSED is where stock is closed."""


class Town:
    """Legal entities with books and codes on one database, behind one application."""

    def __init__(self, engine):
        self.engine = engine
        app = create_app(engine, HostConfig(log="off", rate_limit="", refusal_limit=""))
        self.client = app.test_client()
        self.entities = {code: self._found(code, books) for code, books in ENTITIES.items()}

    def _found(self, code, books):
        shop = build_shop(self.engine, code=code, store=f"{code}-0")
        shop.set_setting("stock.post_packing_slip_in_ledger", books)
        shop.set_setting("returns.look_alike_days", "0")
        key = {"name": f"All of {code}", "roles": ["administrator"]}
        token = self.engine.perform("org.create_api_key", key, actor=SYSTEM, legal_entity_id=shop.legal_entity_id).body["token"]
        desk = Desk(self, code, shop.legal_entity_id, token, f"{code}-0")
        for disposition, action in DISPOSITIONS.items():
            desk.post("/returns/disposition-codes", {"code": disposition, "name": f"To {action}", "action": action})
        return shop.legal_entity_id, token

    def desk(self, code="PLAIN", **more):
        """Open a store of a legal entity with a returns desk, with prices without tax."""
        entity, token = self.entities[code]
        number = f"R{next(COUNT):04d}"
        desk = Desk(self, code, entity, token, number)
        desk.post("/stores", {"number": number, "name": f"Store {number}", "price_includes_tax": False, **more})
        return desk


class Desk:
    """A store with a returns desk: calls the API and looks at what was posted."""

    def __init__(self, town, code, entity, token, store):
        self.town, self.engine, self.code, self.entity, self.token, self.store = town, town.engine, code, entity, token, store

    def by(self, *roles):
        """The same desk for somebody who holds roles in this store alone."""
        token = self.post("/api-keys", {"name": "A clerk", "roles": list(roles), "store": self.store})["token"]
        return Desk(self.town, self.code, self.entity, token, self.store)

    def send(self, method, path, json=None, **headers):
        """Send a request below /v1; the answer."""
        sent = {"Authorization": f"Bearer {self.token}", "Kassa-Legal-Entity": self.code}
        if method == "POST":
            sent["Idempotency-Key"] = f"act-{next(COUNT)}"
        if method in ("PATCH", "DELETE") and "If_Match" not in headers:
            shown = self.send("GET", re.split("/lines/|/charges/", path)[0])
            headers["If_Match"] = shown.headers.get("ETag")
        sent |= {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        return self.town.client.open(f"/v1{path}", method=method, json=json, headers=sent)

    def get(self, path):
        """Read what must be there; its JSON."""
        answer = self.send("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def post(self, path, json=None, method="POST", **headers):
        """Do what must be possible; its JSON."""
        answer = self.send(method, path, {} if json is None and method != "DELETE" else json, **headers)
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.get_json()

    def patch(self, path, **json):
        """Change what may be changed; its JSON."""
        return self.post(path, json, method="PATCH")

    def refused(self, path, json=None, method="POST", **headers):
        """Ask for what must be refused; the codes of its issues, else of the problem."""
        answer = self.send(method, path, {} if json is None else json, **headers)
        assert answer.status_code >= 400, answer.text
        self.problem = answer.get_json()
        return [issue["code"] for issue in self.problem["issues"]] or [self.problem["code"]]

    def product(self, price="100.00", cost="60.00", stock="20", group="AVERAGE", tax=None, **more):
        """Create a product with a price and stock in this store; its number."""
        number = f"P{next(COUNT):05d}"
        release = {"standard_cost": cost, "tax_group": tax}
        service = more.get("kind") == "service"
        self.post("/products", {"number": number, "name": f"Product {number}", "release": release, **({} if service else {"item_model_group": group}), **more})
        if price is not None:
            self.post("/prices", {"price_list": "RETAIL", "prices": [{"product": number, "unit_price": price, "from_date": "2025-01-01"}]})
        if not service and stock != "0":
            self.stock(number, stock, cost)
        return number

    def stock(self, product, quantity, cost=None):
        """Put stock into this store, or take it out."""
        line = {"product": product, "quantity": quantity} | ({"unit_cost": cost} if cost is not None else {})
        self.post("/stock/adjustments", {"store": self.store, "reason": "correction", "lines": [line]})

    def customer(self, **more):
        """Create a customer; its number."""
        number = f"C{next(COUNT):05d}"
        self.post("/customers", {"number": number, "name": "Ada Jansen", **more})
        return number

    def sell(self, customer, *lines, **more):
        """Sell (product, quantity, discount) on account of a customer; the number of the invoice."""
        made = [{"product": p, "quantity": q, **({"discount": d[0]} if d else {})} for p, q, *d in lines]
        order = self.post("/orders", {"store": self.store, "customer": customer, "lines": made, **more})
        (invoice,) = self.post("/invoices", {"orders": [{"order": order["number"]}], "quantity_basis": "all"})["invoices"]
        self.sold_order = order["number"]
        return invoice["number"]

    def sold_one(self, quantity="1", **more):
        """Sell pieces for 90.00 instead of 100.00, cost 60.00, as the worked examples do: customer, product, invoice."""
        customer, product = self.customer(), self.product(**more)
        return customer, product, self.sell(customer, (product, quantity, f"{10 * int(quantity)}.00"))

    def come_back(self, customer, *invoices, **more):
        """Create a return of all of invoices; what it is."""
        return self.post("/returns", {"store": self.store, "customer": customer, "invoices": [{"invoice": i} for i in invoices], **more})

    def line(self, product, quantity="-1", **more):
        """A line of a return by hand."""
        return {"product": product, "quantity": quantity, **more}

    def register(self, rma, disposition=None, line=1, **more):
        """Register a line of a return directly."""
        return self.post(f"/returns/{rma}/registrations", {"lines": [{"line": line, **({"disposition": disposition} if disposition else {}), **more}]})

    def slip(self, rma, *lines):
        """Post a packing slip of a return."""
        chosen = {"lines": [{"line": line, "quantity": quantity} for line, quantity in lines]} if lines else {}
        return self.post(f"/orders/{rma}/packing-slips", chosen)

    def credit(self, *orders, **more):
        """Invoice orders; the documents."""
        return self.post("/invoices", {"orders": [{"order": order} for order in orders], **more})["invoices"]

    def rma(self, rma):
        """Read a return."""
        return self.get(f"/returns/{rma}")

    def states(self, rma):
        """The state of a return, and those of its lines."""
        found = self.rma(rma)
        return found["state"], [line["state"] for line in found["lines"]]

    def rows(self, sql, *parameters):
        """Query the tables."""
        with self.engine.database.snapshot() as read:
            return read.rows(sql, parameters)

    def entries(self, document_id):
        """What a document booked: (account, debit positive), sorted, in minor units."""
        sql = "SELECT a.number, e.amount FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.document_id = ?"
        return sorted(self.rows(sql, document_id))

    def steps(self, document_id):
        """What lots did by a document: statuses and quantities."""
        sql = "SELECT from_status, to_status, quantity FROM stock_transaction WHERE document_id = ? ORDER BY lot_id, sequence"
        return self.rows(sql, document_id)

    def on_hand(self, product, warehouse=None):
        """What lies of a product in this store, or in a warehouse by its code: quantity in thousandths, and value."""
        sql = (
            "SELECT b.on_hand, b.value FROM stock_balance b JOIN catalog_product p ON p.id = b.product_id "
            "JOIN org_warehouse w ON w.id = b.warehouse_id WHERE p.number = ? AND w.code = ? AND w.legal_entity_id = ?"
        )
        found = self.rows(sql, product, warehouse or self.warehouse, self.entity)
        return found[0] if found else (0, 0)

    @property
    def warehouse(self):
        """The code of this store's warehouse."""
        sql = "SELECT w.code FROM org_store s JOIN org_warehouse w ON w.id = s.warehouse_id WHERE s.number = ? AND s.legal_entity_id = ?"
        return self.rows(sql, self.store, self.entity)[0][0]

    def quarantine(self):
        """Give this store's warehouse a quarantine warehouse; its code."""
        code = f"Q{next(COUNT):04d}"
        made = self.post("/warehouses", {"code": code, "name": "Quarantine", "kind": "quarantine"})
        ((own,),) = self.rows("SELECT warehouse_id FROM org_store WHERE number = ? AND legal_entity_id = ?", self.store, self.entity)
        self.patch(f"/warehouses/{own}", quarantine_warehouse=made["id"])
        return code

    def set(self, name, value, level="store"):
        """Give a setting a value in this store, or in its legal entity."""
        ((store_id,),) = self.rows("SELECT id FROM org_store WHERE number = ? AND legal_entity_id = ?", self.store, self.entity)
        command = {"name": name, "level": level, "target_id": store_id if level == "store" else self.entity, "value": value}
        self.engine.perform("settings.change", command, actor=SYSTEM, legal_entity_id=self.entity)


@pytest.fixture(scope="session")
def towns(kassa_databases):
    """Makes the installation of each database when it is first asked for."""
    made = {}

    def town(kind):
        if kind not in made:
            url = kassa_databases.with_tables(kind, build({"returns": hooks}))
            made[kind] = Town(Engine.open(url, modules={"returns": hooks}, clock=FixedClock(NOW)))
        return made[kind]

    yield town
    for known in made.values():
        known.engine.close()
        kassa_databases.drop(known.engine.database.url)


@pytest.fixture
def town(database_kind, towns):
    """Legal entities on one database."""
    return towns(database_kind)


@pytest.fixture
def desk(town):
    """A store with a returns desk, whose packing slips book nothing."""
    return town.desk()


@pytest.fixture
def books(town):
    """A store with a returns desk, whose packing slips are posted in the ledger where the product is."""
    return town.desk("BOOKS")
