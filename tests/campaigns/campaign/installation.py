"""An installation to attack: the installed plugins on a fresh database, and a shop in it."""

from __future__ import annotations

import os
from collections import defaultdict
from functools import cache
from typing import Any

import attrs

from campaign import witness
from kassa.kernel import plugins
from kassa.kernel.clock import Clock, FixedClock
from kassa.kernel.contributions import Operation
from kassa.kernel.database import connect
from kassa.kernel.engine import Engine
from kassa.kernel.registry import Registry, build
from kassa.testing.builders import Shop, build_shop
from kassa.testing.databases import Databases, Kind

NOW = "2026-11-21T09:00:00Z"


def blocked() -> list[str]:
    """Plugins that are left out, by the environment."""
    return [name for name in os.environ.get("KASSA_BLOCK_PLUGINS", "").split(",") if name]


@cache
def registry() -> Registry:
    """The rooms, all installed plugins, and a witness of events, compiled once a process."""
    return build({**plugins.load(plugins.discover(blocked())), "witness": witness})


MOVING = {"Voucher": "money", "Entry": "money", "OpenItem": "money", "Settle": "money", "StockStep": "goods"}
"""What moves by an effect of a plan."""


class Watching(Engine):
    """An engine that notes what the plans of each operation held when they were flushed: money, goods, or neither."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.moved: dict[str, set[str]] = defaultdict(set)

    def _flush(self, request: Any, context: Any, *more: Any) -> Any:
        found = {type(stamped.effect).__name__ for stamped in context.plan.effects}
        self.moved[request.operation.name] |= {MOVING[name] for name in found & MOVING.keys()}
        return super()._flush(request, context, *more)

    def edits_that_move(self) -> list[str]:
        """Operations that only edit and yet moved money or goods; nobody would race them, and no key protects them."""
        return [name for name, moved in self.moved.items() if moved and self._effect(name) == "edit"]

    def _effect(self, name: str) -> str:
        found = self.registry.find(Operation, name)
        return found.effect if found is not None else "job"


def open_engine(url: str, clock: Clock | None = None) -> Watching:
    """Open an installation whose database has its tables; all its processes live on the same day, on which its shop was built."""
    return Watching(connect(url), registry(), clock or FixedClock(NOW))


@attrs.frozen
class Installation:
    """A database of its own with a shop; `second` is another warehouse of the same legal entity."""

    url: str
    shop: Shop
    second: str

    @property
    def engine(self) -> Watching:
        """The engine by which the shop was built."""
        found: Watching = self.shop.engine
        return found

    def rows(self, sql: str, *parameters: object) -> list[tuple]:
        """Query the tables."""
        with self.engine.database.snapshot() as read:
            return read.rows(sql, parameters)


def install(databases: Databases, kind: Kind, clock: Clock | None = None) -> Installation:
    """Make a database and a shop in it with two warehouses and two customers; nothing is for sale yet."""
    url = databases.with_tables(kind, registry())
    shop = build_shop(open_engine(url, clock))
    shop.perform("org.create_warehouse", {"code": "W02", "name": "Second"})
    for number in ("C0001", "C0002"):
        shop.add_customer(number)
    return Installation(url, shop, "W02")


def remove(databases: Databases, installation: Installation) -> None:
    """Close the engine and give the database back."""
    installation.engine.close()
    databases.drop(installation.url)
