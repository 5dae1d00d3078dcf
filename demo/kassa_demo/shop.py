"""Who and what is in the demo shop: its company, stores, people and terms. The products are those of the file."""

from __future__ import annotations

from typing import Any

import attrs

ENTITY = {"code": "GB01", "name": "Gifts & Wares Ltd", "currency": "GBP", "time_zone": "Europe/London", "country": "GB"}
STORES: tuple[dict[str, Any], ...] = (
    {"number": "ONLINE", "name": "Web shop"},
    {"number": "S001", "name": "London Covent Garden", "address": {"lines": ["27 James Street"], "city": "London", "country": "GB"}},
    {
        "number": "S002",
        "name": "Manchester Market Street",
        "address": {"lines": ["70 Market Street"], "city": "Manchester", "country": "GB"},
    },
)
SELLING = ("S001", "S002")
"""The stores that get opening stock here; what the web shop needs for the sales of the file comes with their import."""
WAREHOUSES = (
    {"code": "CENTRAL", "name": "Central warehouse"},
    {"code": "QUARANTINE", "name": "Goods to be looked at", "kind": "quarantine"},
)
TILL = "T1"
GROUP, PRICES, TAX_CODE, TAX_GROUP = "GOODS", "RETAIL", "VAT", "STANDARD"
RATES = (("0", "2010-01-01"), ("0.2", "2012-01-01"))
"""Rates of the tax from their first day. The file has no tax column, so the sales of its years are posted as they stand."""
STANDING_STOCK = 48
"""How many of each product a selling store opens with."""
IN_STORE_PREFIX = "200"
"""Prefix that GS1 leaves to shops for numbers of their own: the file has no barcodes, and these collide with nobody's."""


@attrs.frozen(kw_only=True)
class Person:
    """Who works in the demo shop: with which roles, everywhere in the company or in one store."""

    number: str
    name: str
    roles: tuple[str, ...]
    store: str | None = None


PEOPLE = (
    Person(number="1001", name="Olivia Hart", roles=("cashier",), store="S001"),
    Person(number="1002", name="Amir Shah", roles=("cashier", "store_manager"), store="S001"),
    Person(number="1003", name="Grace Lin", roles=("cashier",), store="S002"),
    Person(number="1004", name="Tom Baker", roles=("stock_clerk",)),
    Person(number="1005", name="Priya Nair", roles=("accountant",)),
)
KEYS: tuple[dict[str, Any], ...] = (
    {
        "name": "Demo: everything",
        "roles": ["administrator"],
        "legal_entities": ["GB01"],
        "stores": ["S001", "S002", "ONLINE"],
        "store": "S001",
    },
    {"name": "Demo: cashier Olivia Hart", "worker": "1001", "legal_entities": ["GB01"], "store": "S001"},
)
"""The keys that each run of the demo makes anew, all at the till of the first store; the first is the one to begin with."""
