"""Makes the demo installation step by step; a step that was done before is passed over, so it can be run again at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
from stdnum import ean

from kassa.catalog.messages.products import LOADED_AT_MOST
from kassa.cli.session import Session
from kassa.kernel.permissions import Actor
from kassa.kernel.values import MICRO, format_scaled, round_half_up
from kassa.sales.importing.documents import GOODS
from kassa.sales.importing.mapping_file import read_mapping
from kassa.sales.importing.stream import SalesFile
from kassa.sales.importing.survey import ProductFound, Survey
from kassa_demo import data, goods_back, shop

ACTOR = Actor(id="demo", name="Demo", kind="system", all_permissions=True)
LINES_AT_MOST = 5000


@attrs.frozen(kw_only=True)
class Shop:
    """What a slice says of the shop: its products, the commonest price of each, and the last year that it has sales of."""

    products: tuple[ProductFound, ...]
    cost_share: int

    @property
    def goods(self) -> tuple[ProductFound, ...]:
        """The products that are kept in stock."""
        return tuple(product for product in self.products if product.kind == GOODS)


def survey(path: Path) -> Shop:
    """Read a slice for its products."""
    mapping = read_mapping(data.MAPPING)
    found = Survey()
    with SalesFile(path, mapping) as file:
        for chunk in file.chunks(lines=5000):
            found.add(chunk.values)
    return Shop(products=found.products(), cost_share=mapping.cost_share)


class Builder:
    """Makes the installation of one session; `made` tells afterwards what is there, by kind."""

    def __init__(self, session: Session, found: Shop) -> None:
        self._session = session
        self._shop = found
        self.made: list[tuple[str, str]] = []
        self.tokens: list[tuple[str, str]] = []

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """The steps in their order, each with what it makes."""
        return [
            ("the company and its books", self._company),
            ("stores and warehouses", self._places),
            ("price list and tax", self._terms),
            ("products", self._products),
            ("opening stock", self._stock),
            ("workers", self._workers),
        ]

    def _do(self, operation: str, command: dict[str, Any], **options: Any) -> Any:
        entity = None if operation == "org.create_legal_entity" else shop.ENTITY["code"]
        return self._session.answer(operation, command, legal_entity=entity, actor=ACTOR, **options)

    def _all(self, operation: str, command: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        return self._session.items(operation, command, legal_entity=shop.ENTITY["code"])

    def _company(self) -> None:
        if shop.ENTITY["code"] not in {entity["code"] for entity in self._session.items("org.list_legal_entities")}:
            self._do("org.create_legal_entity", dict(shop.ENTITY))
        accounts = self._all("ledger.list_accounts")
        first, last = int(data.FIRST_DAY[:4]), int(self._session.open().clock.today(shop.ENTITY["time_zone"])[:4]) + 1
        if not accounts:
            self._do("ledger.set_up_books", {"first_year": first, "last_year": last})
            accounts = self._all("ledger.list_accounts")
        self.made += [
            ("company", f"{shop.ENTITY['code']} {shop.ENTITY['name']}"),
            ("books", f"{len(accounts)} accounts, {first} to {last}"),
        ]

    def _places(self) -> None:
        stores = {store["number"] for store in self._all("org.list_stores")}
        for store in shop.STORES:
            if store["number"] not in stores:
                self._do("org.create_store", store)
        warehouses = {warehouse["code"] for warehouse in self._all("org.list_warehouses")}
        for warehouse in shop.WAREHOUSES:
            if warehouse["code"] not in warehouses:
                self._do("org.create_warehouse", warehouse)
        self.made.append(("stores", ", ".join(f"{store['number']} {store['name']}" for store in shop.STORES)))
        self.made.append(
            ("warehouses", ", ".join((*(store["number"] for store in shop.STORES), *(place["code"] for place in shop.WAREHOUSES))))
        )

    def _terms(self) -> None:
        if shop.GROUP not in {group["code"] for group in self._all("catalog.list_item_model_groups")}:
            self._do("catalog.create_item_model_group", {"code": shop.GROUP, "all_legal_entities": True})
        if shop.PRICES not in {prices["code"] for prices in self._all("catalog.list_price_lists")}:
            self._do("catalog.create_price_list", {"code": shop.PRICES, "name": "Retail prices"})
        codes = {rate["code"] for rate in self._all("catalog.list_tax_codes")}
        groups = {group["tax_group"] for group in self._all("catalog.list_tax_groups")}
        if shop.TAX_CODE not in codes:
            for rate, first in shop.RATES:
                self._do("catalog.enter_tax_rate", {"code": shop.TAX_CODE, "rate": rate, "from_date": first})
        if shop.TAX_GROUP not in groups:
            self._do("catalog.set_tax_group", {"tax_group": shop.TAX_GROUP, "codes": [shop.TAX_CODE]})

    def _products(self) -> None:
        terms = {"price_list": shop.PRICES, "from_date": data.FIRST_DAY, "item_model_group": shop.GROUP, "tax_group": shop.TAX_GROUP}
        listed = [self._product(place, product) for place, product in enumerate(self._shop.products, 1)]
        for part in _parts(listed, LOADED_AT_MOST):
            self._do("catalog.load_products", {"products": part, **terms})
        self.made.append(("products", f"{len(listed):,}, each with barcode, price and cost"))

    def _product(self, place: int, product: ProductFound) -> dict[str, Any]:
        digits = f"{shop.IN_STORE_PREFIX}{place:09d}"
        price = product.unit_price or 0
        described: dict[str, Any] = {
            "number": product.code,
            "name": product.name,
            "kind": "goods" if product.kind == GOODS else "service",
            "barcode": f"{digits}{ean.calc_check_digit(digits)}",
        }
        if price:
            described["price"] = format_scaled(price, 6, trim=True)
        if product.kind == GOODS:
            described["standard_cost"] = format_scaled(round_half_up(price * self._shop.cost_share, MICRO), 6, trim=True)
        return described

    def _stock(self) -> None:
        lines = [{"product": product.code, "quantity": str(shop.STANDING_STOCK)} for product in self._shop.goods]
        for store in shop.SELLING:
            opened = self._all("stock.list_adjustments", {"reason": "opening", "warehouse": store})
            for place, part in enumerate(_parts(lines, LINES_AT_MOST)):
                if place >= len(opened):
                    reference = f"demo-opening-{store}-{place + 1}"
                    command = {"store": store, "reason": "opening", "reference": reference, "date": data.FIRST_DAY, "lines": part}
                    self._do("stock.adjust", command, key=reference)
        units = len(lines) * shop.STANDING_STOCK
        self.made.append(("opening stock", f"{units:,} pieces in each of {' and '.join(shop.SELLING)}"))

    def _workers(self) -> None:
        known = {worker["number"] for worker in self._session.items("org.list_workers")}
        for person in shop.PEOPLE:
            if person.number not in known:
                self._do("org.create_worker", {"number": person.number, "name": person.name})
            held = {grant["role"] for grant in self._session.items("org.list_role_grants", {"worker": person.number})}
            for role in [role for role in person.roles if role not in held]:
                place = {"store": person.store} if person.store is not None else {}
                self._do("org.grant_role", {"worker": person.number, "role": role, "legal_entity": shop.ENTITY["code"], **place})
        self.made.append(("workers", ", ".join(f"{person.name} ({', '.join(person.roles)})" for person in shop.PEOPLE)))

    def returns(self, path: Path) -> None:
        """Set returns up, import the cancellations of a slice and take pieces back, where the plugin for that is enabled; after its sales."""
        if not goods_back.enabled(self._session.registry):
            return
        self.made.append(("returns set up", goods_back.set_up(self._do, self._all)))
        self.made.append(("returns imported", goods_back.imported(self._session, path)))
        self.made += goods_back.take_back(self._do, self._all)

    def keys(self) -> None:
        """Make the keys of the demo anew and revoke those of the run before, for a key can be shown only when it is made."""
        names = {key["name"] for key in shop.KEYS}
        for key in self._session.items("org.list_api_keys"):
            if key["name"] in names:
                self._session.answer("org.revoke_api_key", {"api_key": key["id"]}, actor=ACTOR)
        for key in shop.KEYS:
            made = self._session.answer("org.create_api_key", {**key, "register": shop.TILL}, actor=ACTOR)
            self.tokens.append((key["name"], made["token"]))


def _parts(values: Sequence[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(values), size):
        yield list(values[start : start + size])
