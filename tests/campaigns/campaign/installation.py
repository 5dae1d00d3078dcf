"""An installation to attack: the installed plugins on a fresh database, and a shop in it."""

from __future__ import annotations

import os
from functools import cache

import attrs

from campaign import witness
from kassa.kernel import plugins
from kassa.kernel.clock import Clock, FixedClock
from kassa.kernel.database import connect
from kassa.kernel.engine import Engine
from kassa.kernel.registry import Registry, build
from kassa.testing.builders import Shop, build_shop
from kassa.testing.databases import Databases, Kind

NOW = "2026-11-21T09:00:00Z"


@cache
def registry() -> Registry:
    """The rooms, all installed plugins, and a witness of events, compiled once a process."""
    blocked = filter(None, os.environ.get("KASSA_BLOCK_PLUGINS", "").split(","))
    return build({**plugins.load(plugins.discover(blocked)), "witness": witness})


def open_engine(url: str, clock: Clock | None = None) -> Engine:
    """Open an installation whose database has its tables."""
    return Engine(connect(url), registry(), clock)


@attrs.frozen
class Installation:
    """A database of its own with a shop; `second` is another warehouse of the same legal entity."""

    url: str
    shop: Shop
    second: str

    @property
    def engine(self) -> Engine:
        """The engine by which the shop was built."""
        return self.shop.engine

    def rows(self, sql: str, *parameters: object) -> list[tuple]:
        """Query the tables."""
        with self.engine.database.snapshot() as read:
            return read.rows(sql, parameters)


def install(databases: Databases, kind: Kind, clock: Clock | None = None) -> Installation:
    """Make a database and a shop in it with two warehouses and two customers; nothing is for sale yet."""
    url = databases.with_tables(kind, registry())
    shop = build_shop(open_engine(url, clock or FixedClock(NOW)))
    shop.perform("org.create_warehouse", {"code": "W02", "name": "Second"})
    for number in ("C0001", "C0002"):
        shop.add_customer(number)
    return Installation(url, shop, "W02")


def remove(databases: Databases, installation: Installation) -> None:
    """Close the engine and give the database back."""
    installation.engine.close()
    databases.drop(installation.url)
