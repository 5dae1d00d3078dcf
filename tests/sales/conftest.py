"""A small shop to sell in: one database a process, in it a store of its own for each test, so that numbers and stock begin afresh."""

from itertools import count

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.database import connect
from kassa.kernel.engine import Engine
from kassa.kernel.errors import KassaError
from kassa.kernel.permissions import SYSTEM, Actor
from kassa.kernel.registry import build
from kassa.testing.builders import build_shop

NOW = "2026-03-02T10:00:00Z"
TODAY = "2026-03-02"
TAXES = {"VAT9": "0.09", "CITY2": "0.02", "NOTAX": "0"}
GROUPS = {"REDUCED": ["VAT9"], "DOUBLE": ["VAT21", "CITY2"], "EXEMPT": ["NOTAX"]}
ENTITIES = {"NL01": "EUR", "NL02": "EUR", "NL03": "EUR", "JP01": "JPY", "KW01": "KWD"}
"""Currencies by legal entity; NL03 books packing slips."""
COUNT = count(1)


class Town:
    """Legal entities with books, taxes and price lists on one database; shops are opened in them."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self.entities = {code: self.found(code, currency) for code, currency in ENTITIES.items()}
        self.set("stock.post_packing_slip_in_ledger", "legal_entity", self.entities["NL03"], "true")

    def do(self, entity, operation, **command):
        """Perform an operation as the system in a legal entity."""
        return self.engine.perform(operation, command, actor=SYSTEM, key=f"town-{next(COUNT)}", legal_entity_id=entity).body

    def set(self, name, level, target, value):
        """Give a setting a value for a legal entity or a store, by id."""
        self.do(None, "settings.change", name=name, level=level, target_id=target, value=value)

    def found(self, code, currency):
        """Found a legal entity; returns its id."""
        entity = build_shop(self.engine, code=code, store=f"{code}-0", currency=currency, taxes={"VAT21": "0.21"}).legal_entity_id
        for tax, rate in TAXES.items():
            self.do(entity, "catalog.enter_tax_rate", code=tax, rate=rate, from_date="2025-01-01")
        for group, codes in GROUPS.items():
            self.do(entity, "catalog.set_tax_group", tax_group=group, codes=codes)
        return entity

    def shop(self, entity="NL01", **more):
        """Open a shop in a legal entity, whose prices are without tax unless told otherwise."""
        number = f"T{next(COUNT):05d}"
        self.do(self.entities[entity], "org.create_store", number=number, name="A shop", **{"price_includes_tax": False, **more})
        return Shop(self, self.entities[entity], number)


class Shop:
    """A store in which a test sells: performs operations and looks at what they left in the tables."""

    def __init__(self, town, entity, store, actor=SYSTEM):
        self.town, self.engine, self.entity, self.store, self.actor = town, town.engine, entity, store, actor

    def by(self, *permissions, **more):
        """The same shop for a cashier with some permissions, of this legal entity alone."""
        values = {"permissions": frozenset(permissions), "legal_entities": frozenset({self.entity}), **more}
        return Shop(self.town, self.entity, self.store, Actor(id=f"worker-{next(COUNT)}", name="Kim", **values))

    def perform(self, operation, command, *, key=None, **options):
        """Perform an operation; the outcome."""
        key = key or f"key-{next(COUNT)}"
        return self.engine.perform(operation, command, actor=self.actor, key=key, **{"legal_entity_id": self.entity, **options})

    def do(self, operation, **command):
        """Perform an operation; its answer."""
        return self.perform(operation, command).body

    def refused(self, operation, command, **options):
        """Perform an operation that must be refused; the error."""
        with pytest.raises(KassaError) as caught:
            self.perform(operation, command, **options)
        return caught.value

    def product(self, price="10.00", *, cost="6.00", stock="100", tax="STANDARD", group="AVERAGE", **more):
        """Create a product with a price and stock in this store; its number."""
        number = f"P{next(COUNT):05d}"
        service = more.get("kind") == "service"
        release = {"tax_group": tax, "standard_cost": cost}
        self.do(
            "catalog.create_product", number=number, name=f"Product {number}", item_model_group=None if service else group, release=release, **more
        )
        if price is not None:
            prices = [{"product": number, "unit_price": price, "from_date": "2025-01-01"}]
            self.do("catalog.enter_prices", price_list="RETAIL", prices=prices)
        if stock != "0" and not service:
            self.stock(number, stock, cost)
        return number

    def stock(self, product, quantity, cost=None):
        """Put stock into this store, or take it out."""
        line = {"product": product, "quantity": quantity} | ({"unit_cost": cost} if cost is not None else {})
        self.do("stock.adjust", store=self.store, reason="correction", lines=[line])

    def customer(self, **more):
        """Create a customer; its number."""
        number = f"C{next(COUNT):05d}"
        self.do("parties.create_customer", number=number, name="Ada Jansen", **more)
        return number

    def sale(self, *lines, payments=(), **more):
        """Write the request of a sale of (product, quantity) or whole lines, paid by (tender, amount)."""
        return {
            "store": self.store,
            "lines": [line if isinstance(line, dict) else {"product": line[0], "quantity": line[1]} for line in lines],
            "payments": [{"tender": tender, "amount": amount} for tender, amount in payments],
            **more,
        }

    def sell(self, *lines, payments=(), **more):
        """Sell; the answer."""
        return self.do("sales.sell", **self.sale(*lines, payments=payments, **more))

    def order(self, *lines, **more):
        """Confirm an order; the answer."""
        command = self.sale(*lines, **more)
        del command["payments"]
        return self.do("sales.create_order", **command)

    def deliver(self, order, **more):
        """Post a packing slip; `lines` are (number, quantity) pairs."""
        return self.do("sales.post_packing_slip", order=order["number"], **chosen(more))

    def invoice(self, order, **more):
        """Invoice one order; `lines` are (number, quantity) pairs."""
        selection = {"order": order["number"], **chosen({"lines": more.pop("lines", None)})}
        return self.do("sales.post_invoices", orders=[selection], **more)["invoices"][0]

    def rows(self, sql, *parameters):
        """Query the tables."""
        with self.engine.database.snapshot() as read:
            return read.rows(sql, parameters)

    def tables(self, *, audit=False):
        """All rows of all tables as texts, by table; the audit trail only where asked."""
        with self.engine.database.snapshot() as read:
            names = [name for name in sorted(self.engine.registry.tables) if audit or name != "kernel_audit"]
            return {name: sorted(map(repr, read.rows(f"SELECT * FROM {name}"))) for name in names}

    def entries(self, document_id):
        """What a document booked: (account, debit positive), sorted, in minor units."""
        sql = "SELECT a.number, e.amount FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.document_id = ?"
        return sorted(self.rows(sql, document_id))

    def document(self, kind, number):
        """The id of a document of this store by its number."""
        sql = "SELECT document_id FROM kernel_document_key WHERE legal_entity_id = ? AND kind = ? AND name = 'number' AND value = ?"
        ((found,),) = self.rows(sql, self.entity, kind, number)
        return found

    def on_hand(self, product):
        """What lies of a product in this store: quantity in thousandths, value, value delivered and not invoiced."""
        sql = (
            "SELECT b.on_hand, b.value, b.issued_value FROM stock_balance b JOIN catalog_product p ON p.id = b.product_id "
            "JOIN org_store s ON s.warehouse_id = b.warehouse_id WHERE p.number = ? AND s.number = ? AND s.legal_entity_id = ?"
        )
        found = self.rows(sql, product, self.store, self.entity)
        return found[0] if found else (0, 0, 0)

    def open_items(self, document_id):
        """The open items of a document: (type, amount, still open)."""
        return self.rows('SELECT type, amount, "open" FROM ledger_open_item WHERE document_id = ? ORDER BY id', document_id)


def chosen(more):
    """Turn (number, quantity) pairs under `lines` into what requests want."""
    lines = more.get("lines")
    if lines is not None:
        return {**more, "lines": [{"line": line, "quantity": quantity} for line, quantity in lines]}
    return {name: value for name, value in more.items() if name != "lines"}


@pytest.fixture(scope="session")
def towns(kassa_databases):
    """Makes the town of each database when it is first asked for."""
    made = {}

    def town(kind):
        if kind not in made:
            registry = build({})
            database = connect(kassa_databases.with_tables(kind, registry), durable=False)
            made[kind] = Town(Engine(database, registry, FixedClock(NOW)))
        return made[kind]

    yield town
    for known in made.values():
        known.engine.close()
        kassa_databases.drop(known.engine.database.url)


@pytest.fixture
def town(database_kind, towns):
    """Several legal entities on one database."""
    return towns(database_kind)


@pytest.fixture
def shop(town):
    """A shop of its own, with prices without tax, in euros."""
    return town.shop()

