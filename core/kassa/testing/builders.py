"""Builders: a small shop that sells, made through the same operations as any other, and short words for what happens in it.

    def test_my_rule(make_engine):
        shop = build_shop(make_engine(clock=FixedClock("2026-11-21T09:00:00Z")))
        shop.add_product("LAMP", price="100.00", cost="60.00", stock="10")
        sale = shop.sell(line("LAMP", "1", discount="10.00"), payments={"cash": "90.00"})
        assert sale["total"] == "90.00"

Every method takes and answers what the operation behind it does: amounts and quantities are decimal texts. What is refused is
raised as a KassaError. The fixture `shop` is such a shop with goods, customers and stock; see `furnish`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from kassa.kernel.clock import date_of
from kassa.kernel.contributions import Report
from kassa.kernel.engine import Engine, Request
from kassa.kernel.permissions import SYSTEM, Actor
from kassa.kernel.values import new_id
from kassa.org.access import powers_of

TAX_GROUP = "STANDARD"
AVERAGE, PHYSICAL = "AVERAGE", "PHYSICAL"


def line(product: str, quantity: str = "1", **more: Any) -> dict[str, Any]:
    """Make a line of an order: `line("LAMP", "2", discount="10.00")`, also with `unit_price` and `description`."""
    return {"product": product, "quantity": quantity, **more}


def perform(
    engine: Engine,
    operation: str,
    command: Mapping[str, Any] | None = None,
    *,
    actor: Actor = SYSTEM,
    legal_entity_id: str | None = None,
    **more: Any,
) -> Any:
    """Perform an operation under a new idempotency key, or under `key`, and answer the body of its answer as JSON values."""
    outcome = engine.perform(operation, command or {}, actor=actor, legal_entity_id=legal_entity_id, **{"key": new_id(), **more})
    return outcome.body


@attrs.frozen(kw_only=True)
class Shop:
    """A store of a legal entity with books, a warehouse, a price list and a tax group; numbers and codes, ids where said so."""

    engine: Engine
    legal_entity_id: str
    currency: str
    store: str
    store_id: str
    warehouse: str
    price_list: str
    since: str

    def perform(self, operation: str, command: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """Perform an operation in this shop's legal entity, by everybody's equal (SYSTEM) or by `actor`."""
        return perform(self.engine, operation, command, legal_entity_id=self.legal_entity_id, **more)

    def preview(self, operation: str, command: Mapping[str, Any]) -> Any:
        """Preview an operation: result, postings, stock movements and issues, and nothing is written."""
        return self.perform(operation, command, preview=True)

    @property
    def today(self) -> str:
        """The business date of the store."""
        return date_of(self.engine.clock.now(), self.perform("org.read_store", {"store": self.store})["time_zone"])

    def add_product(
        self, number: str, *, price: str | None = None, cost: str = "0", stock: str | None = None, taxed: bool = False,
        kind: str = "goods", group: str = AVERAGE, **more: Any,
    ) -> str:  # fmt: skip
        """Create a product, released here, with a price; `stock` is put in at `cost`. Answers its number.

        `taxed` puts it into the tax group STANDARD; `group` PHYSICAL books its packing slips in the ledger too.
        """
        release = {"standard_cost": cost, "tax_group": TAX_GROUP if taxed else None}
        given = {"number": number, "name": number.capitalize(), "kind": kind, "release": release, **more}
        self.perform("catalog.create_product", given | ({"item_model_group": group} if kind == "goods" else {}))
        if price is not None:
            self.set_price(number, price)
        if stock is not None:
            self.adjust({number: stock})
        return number

    def set_price(self, product: str, price: str) -> None:
        """Enter a price that counts since the shop exists."""
        entry = {"product": product, "unit_price": price, "from_date": self.since}
        self.perform("catalog.enter_prices", {"price_list": self.price_list, "prices": [entry]})

    def add_customer(self, number: str = "C0001", **more: Any) -> str:
        """Create a customer and answer the number."""
        answer = self.perform("parties.create_customer", {"number": number, "name": f"Customer {number}", **more})
        return str(answer["number"])

    def add_worker(self, number: str, *roles: str) -> Actor:
        """Create a worker who holds roles in this store, and give the actor that stands in it; more come from `actor`."""
        worker = self.perform("org.create_worker", {"number": number, "name": f"Worker {number}"})
        for role in roles:
            self.perform("org.grant_role", {"worker": number, "role": role, "store": self.store})
        return attrs.evolve(self.actor(*roles), id=worker["id"], name=worker["name"])

    def actor(self, *roles: str) -> Actor:
        """Give somebody who holds roles in this store alone and is registered nowhere."""
        powers = powers_of(self.engine.registry, roles)
        return Actor(
            id=new_id(), name=" and ".join(roles), permissions=powers.permissions, roles=frozenset(roles), all_permissions=powers.everything,
            legal_entities=frozenset((self.legal_entity_id,)), stores=frozenset((self.store_id,)), store_id=self.store_id,
        )  # fmt: skip

    def adjust(self, quantities: Mapping[str, str], *, reason: str = "opening", unit_cost: str | None = None, **more: Any) -> Any:
        """Adjust stock of products, by number; quantities are differences."""
        cost = {} if unit_cost is None else {"unit_cost": unit_cost}
        lines = [{"product": product, "quantity": quantity, **cost} for product, quantity in quantities.items()]
        return self.perform("stock.adjust", {"store": self.store, "reason": reason, "lines": lines, **more})

    def sell(self, *lines: Mapping[str, Any], payments: Mapping[str, str] | None = None, **more: Any) -> Any:
        """Sell cash-and-carry; `payments` are amounts by tender, `customer` and `charges` may be given."""
        tenders = [{"tender": tender, "amount": amount} for tender, amount in (payments or {}).items()]
        return self.perform(*self.sale(*lines, payments=tenders, **more))

    def sale(self, *lines: Mapping[str, Any], **more: Any) -> tuple[str, dict[str, Any]]:
        """Give operation and command of a sale, to preview it or to let somebody perform it."""
        return "sales.sell", {"store": self.store, "lines": list(lines), **more}

    def order(self, *lines: Mapping[str, Any], **more: Any) -> Any:
        """Create an order."""
        return self.perform("sales.create_order", {"store": self.store, "lines": list(lines), **more})

    def deliver(self, order: str, quantities: Mapping[int, str] | None = None) -> Any:
        """Post a packing slip, of all that is left or of quantities by line."""
        return self.perform("sales.post_packing_slip", {"order": order, **_chosen(quantities)})

    def invoice(self, *orders: str, quantities: Mapping[int, str] | None = None, **more: Any) -> Any:
        """Invoice orders; answers the invoices. `quantity_basis="all"` delivers first what is not delivered yet."""
        chosen = [{"order": order, **_chosen(quantities)} for order in orders]
        return self.perform("sales.post_invoices", {"orders": chosen, **more})["invoices"]

    def pay(self, customer: str, amount: str, *, tender: str = "bank_transfer", **more: Any) -> Any:
        """Take a payment on account."""
        return self.perform("payments.take", {"customer": customer, "tender": tender, "amount": amount, "store": self.store, **more})

    def open_items(self, customer: str) -> dict[str, str]:
        """Give what is open of a customer by number of document, positive where the customer owes."""
        items = self.perform("ledger.list_open_items", {"customer": customer, "limit": 500})["items"]
        return {item["number"]: item["open"] for item in items}

    def vendor_invoice(self, vendor: str, *amounts: str, account: str = "5100", **more: Any) -> str:
        """Post a vendor invoice, one line for each amount; answers its number."""
        lines = [{"account": account, "amount": amount} for amount in amounts]
        return str(self.perform("payables.post_vendor_invoice", {"vendor": vendor, "lines": lines, **more})["number"])

    def vendor_items(self, vendor: str) -> dict[str, str]:
        """Give what is open of a vendor by number of document, negative where the vendor is owed."""
        items = self.perform("payables.list_open_items", {"vendor": vendor, "limit": 500})["items"]
        return {item["number"]: item["open"] for item in items}

    def report(self, name: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Run a report as its hosts do, and give its rows."""
        found = self.engine.registry.get(Report, name)
        request = Request(
            operation=self.engine.operation("ledger.read_trial_balance"), command=None, actor=SYSTEM, legal_entity_id=self.legal_entity_id,
            once=None, now=self.engine.clock.now(), origin="live", request_id=None, if_match=None, preview=False,
        )  # fmt: skip
        with self.engine.database.snapshot() as read:
            context = self.engine.context(request, read, self.engine.revisions(read))
            rows = [tuple(row) for row in found.run(read, found.parameters(**parameters), context)]
        assert all(len(row) == len(found.columns) for row in rows), f"{name} has other columns than it says"
        return rows

    def set_period(self, date: str, status: str) -> Any:
        """Close the period that begins on a date, or open it again."""
        return self.perform("ledger.change_period", {"period": date, "status": status})

    def set_setting(self, name: str, value: str) -> Any:
        """Give a setting a value for this shop's legal entity."""
        return self.perform("settings.change", {"name": name, "level": "legal_entity", "target_id": self.legal_entity_id, "value": value})


def _chosen(quantities: Mapping[int, str] | None) -> dict[str, Any]:
    if quantities is None:
        return {}
    return {"lines": [{"line": number, "quantity": quantity} for number, quantity in quantities.items()]}


def build_shop(
    engine: Engine,
    *,
    code: str = "NL01",
    store: str = "S001",
    currency: str = "EUR",
    time_zone: str = "Europe/Amsterdam",
    price_includes_tax: bool = False,
    taxes: Mapping[str, str] | None = None,
) -> Shop:
    """Build a legal entity with books, a store and its warehouse, a price list, tax codes and item model groups.

    Books are open from last year to next year by the engine's clock. `taxes` are rates by code, 0.21 for VAT21 if left out;
    together they are the tax group STANDARD.
    """
    year = int(date_of(engine.clock.now(), time_zone)[:4])
    entity = perform(engine, "org.create_legal_entity", {"code": code, "name": f"{code} Ltd", "currency": currency, "time_zone": time_zone})
    place = {"legal_entity_id": entity["id"]}
    created = perform(
        engine, "org.create_store", {"number": store, "name": f"Store {store}", "price_includes_tax": price_includes_tax}, **place
    )
    warehouse = perform(engine, "org.read_warehouse", {"warehouse": created["warehouse_id"]}, **place)
    perform(engine, "ledger.set_up_books", {"first_year": year - 1, "last_year": year + 1}, **place)
    since = f"{year - 1}-01-01"
    perform(engine, "catalog.create_price_list", {"code": "RETAIL", "name": "Shop prices"}, **place)
    rates = {"VAT21": "0.21"} if taxes is None else taxes
    for tax, rate in rates.items():
        perform(engine, "catalog.enter_tax_rate", {"code": tax, "rate": rate, "from_date": since}, **place)
    if rates:
        perform(engine, "catalog.set_tax_group", {"tax_group": TAX_GROUP, "codes": list(rates)}, **place)
    for group, physical in ((AVERAGE, False), (PHYSICAL, True)):
        kept = {"code": group, "costing": "moving_average", "stocked": True, "post_physical": physical}
        perform(engine, "catalog.create_item_model_group", kept, **place)
    return Shop(
        engine=engine, legal_entity_id=entity["id"], currency=currency, store=store, store_id=created["id"], warehouse=warehouse["code"],
        price_list="RETAIL", since=since,
    )  # fmt: skip


def furnish(shop: Shop, customers: Iterable[str] = ("C0001", "C0002")) -> Shop:
    """Put goods and customers into a shop: LAMP (100.00, cost 60.00, untaxed), VASE (the same, taxed), CHALK (0.99, cost 0.33,
    sold by weight, taxed), DELIVERY (a service at 10.00); ten LAMPs, ten VASEs and 100 CHALK are there.
    """
    shop.add_product("LAMP", price="100.00", cost="60.00", stock="10")
    shop.add_product("VASE", price="100.00", cost="60.00", stock="10", taxed=True)
    shop.add_product("CHALK", price="0.99", cost="0.33", stock="100", taxed=True, unit="kg")
    shop.add_product("DELIVERY", price="10.00", kind="service")
    for number in customers:
        shop.add_customer(number)
    return shop
