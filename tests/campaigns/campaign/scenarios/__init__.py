"""Scenarios: for each operation that posts, how to set up something fresh that it can be done to, and the request.

One file a room or plugin, that of a plugin by its name: where the plugin is blocked, its scenarios are not there. A plugin's
operations need theirs from the day on which they are registered, and a test says so.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from campaign.installation import Installation, blocked
from kassa.kernel import plugins
from kassa.kernel.contributions import Operation
from kassa.kernel.registry import Registry
from kassa.testing.builders import Shop

Command = Mapping[str, Any]


@attrs.frozen(kw_only=True)
class Case:
    """A request on something fresh.

    `permitted` is how many different requests of this kind may have their effect (None: all that ask). `shared`: all may succeed,
    and the effect is there once. `varies` names tables of which the acts need not all gain the same number of rows.
    """

    command: Command
    permitted: int | None = 1
    shared: bool = False
    varies: tuple[str, ...] = ()


@attrs.frozen
class Stage:
    """What a scenario sets its case up with: the shop, and names that nobody had before."""

    installation: Installation
    number: int

    @property
    def shop(self) -> Shop:
        """The shop."""
        return self.installation.shop

    @property
    def second(self) -> str:
        """The code of the second warehouse."""
        return self.installation.second

    def name(self, prefix: str) -> str:
        """A name of this case alone."""
        return f"{prefix}{self.number:06d}"

    def product(self, stock: str | None = "3", prefix: str = "P", **more: Any) -> str:
        """A product at 10.00 that cost 6.00."""
        return self.shop.add_product(self.name(prefix), price="10.00", cost="6.00", stock=stock, taxed=True, **more)

    def order(self, quantity: str = "3", **more: Any) -> str:
        """An order of a new product, all of which is there; its number."""
        return self.shop.order({"product": self.product(quantity), "quantity": quantity}, customer="C0001", **more)["number"]


@attrs.frozen
class Mix:
    """Different acts on the same thing. `permitted` is how many of them may have their way at most, where that is one number."""

    make: Mixed
    permitted: int | None


Make = Callable[[Stage], Case]
Mixed = Callable[[Stage], list[tuple[str, Command]]]
SCENARIOS: dict[str, Make] = {}
MIXES: dict[str, Mix] = {}


def scenario(operation: str) -> Callable[[Make], Make]:
    """Register the scenario of an operation."""

    def register(make: Make) -> Make:
        SCENARIOS[operation] = make
        return make

    return register


def mix(name: str, permitted: int | None = None) -> Callable[[Mixed], Mixed]:
    """Register different acts on the same thing, of which not all can have their way."""

    def register(make: Mixed) -> Mixed:
        MIXES[name] = Mix(make, permitted)
        return make

    return register


def posting(registry: Registry) -> list[str]:
    """The names of all operations that post: what moves money or goods, and what only documents."""
    return sorted(operation.name for operation in registry.all(Operation) if operation.effect == "post")


LEFT_OUT = plugins.discover(()).keys() - plugins.discover(blocked()).keys()
for found in pkgutil.iter_modules(__path__):
    if found.name not in LEFT_OUT:
        importlib.import_module(f"{__name__}.{found.name}")
