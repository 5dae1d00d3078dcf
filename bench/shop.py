"""A fresh database with a small shop, made through the same operations that everybody uses."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import psycopg

from kassa.kernel import registry
from kassa.kernel.contributions import Role
from kassa.kernel.database import connect
from kassa.kernel.engine import Engine
from kassa.kernel.migrations import create_schema
from kassa.kernel.permissions import SYSTEM, Actor

PRODUCTS = 200
LOADED_AT_ONCE = 5000
STOCK_OF_EACH = "1000000"


@attrs.frozen(kw_only=True)
class Shop:
    """A shop to measure: its engine, its database, who sells, and a token for the host."""

    url: str
    engine: Engine
    legal_entity_id: str
    cashier: Actor
    token: str

    def reopen(self) -> Shop:
        """Open the same shop with an engine of its own."""
        return attrs.evolve(self, engine=Engine(connect(self.url), registry.build({})))


def fresh_database(dialect: str, server: str) -> str:
    """Make an empty database; returns its URL. PostgreSQL ones are made on the given server."""
    if dialect == "sqlite":
        return f"sqlite:///{Path(tempfile.mkdtemp(prefix='kassa-bench-'))}/bench.db"
    base = server.rpartition("/")[0]
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS kassa_bench WITH (FORCE)")
        connection.execute("CREATE DATABASE kassa_bench")
    return f"{base}/kassa_bench"


def build(url: str, names: Sequence[str] | None = None) -> Shop:
    """Make the shop: one store, products at 10.00 with 21 % tax, plenty of stock."""
    engine = Engine(connect(url), registry.build({}))
    create_schema(engine.database, engine.registry)

    def do(operation: str, **command: Any) -> Any:
        return engine.perform(operation, command, actor=SYSTEM, key=secrets.token_hex(8)).body

    entity = do("org.create_legal_entity", code="NL01", name="Bench", currency="EUR", time_zone="Europe/Amsterdam", country="NL")
    do("ledger.set_up_books", first_year=2010, last_year=2049)
    do("org.create_store", number="S001", name="Bench store", price_includes_tax=False)
    do("catalog.create_item_model_group", code="GOODS", costing="moving_average", stocked=True)
    do("catalog.create_price_list", code="RETAIL", name="Retail")
    do("catalog.enter_tax_rate", code="VAT21", rate="0.21", from_date="2010-01-01")
    do("catalog.set_tax_group", tax_group="HIGH", codes=["VAT21"])
    products = [
        {"number": f"P{number:05d}", "name": name, "price": "10.00", "standard_cost": "6.00"}
        for number, name in enumerate(names or [f"Product {number}" for number in range(PRODUCTS)])
    ]
    for start in range(0, len(products), LOADED_AT_ONCE):
        part = products[start : start + LOADED_AT_ONCE]
        do("catalog.load_products", products=part, price_list="RETAIL", from_date="2010-01-01", item_model_group="GOODS", tax_group="HIGH")
    stock = [{"product": f"P{number:05d}", "quantity": STOCK_OF_EACH} for number in range(PRODUCTS)]
    do("stock.adjust", store="S001", reason="opening", lines=stock)
    key = do("org.create_api_key", name="Bench till", roles=["cashier"], legal_entities=["NL01"], store="S001")
    roles = frozenset(name for role in engine.registry.all(Role) if role.role == "cashier" for name in role.permissions)
    cashier = Actor(id="bench", name="Bench", permissions=roles, legal_entities=frozenset((entity["id"],)))
    return Shop(url=url, engine=engine, legal_entity_id=entity["id"], cashier=cashier, token=key["token"])
