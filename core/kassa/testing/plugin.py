"""The pytest plugin: fixtures for engines on fresh databases. Nothing happens in tests that do not ask for one of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast

import pytest

from kassa.testing.databases import Databases, Kind, kinds

if TYPE_CHECKING:
    from kassa.kernel.clock import Clock
    from kassa.kernel.engine import Engine
    from kassa.testing.builders import Shop


class MakeEngine(Protocol):
    """Opens an engine; each call has a fresh database with all tables, unless `url` names one that exists."""

    def __call__(self, *, modules: Mapping[str, Any] | None = None, clock: Clock | None = None, url: str | None = None) -> Engine: ...


@pytest.fixture(scope="session")
def kassa_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes the databases of this process's tests and drops them at the end."""
    databases = Databases(tmp_path_factory.mktemp("kassa"))
    yield databases
    databases.close()


@pytest.fixture(params=kinds())
def database_kind(request: pytest.FixtureRequest) -> Kind:
    """Which database the test runs on: `sqlite`, then `postgresql`."""
    return cast(Kind, request.param)


@pytest.fixture
def new_database(database_kind: Kind, kassa_databases: Databases) -> Iterator[Callable[[], str]]:
    """Makes an empty database each time it is called and answers its URL; all are dropped after the test."""
    urls: list[str] = []

    def make() -> str:
        urls.append(kassa_databases.empty(database_kind))
        return urls[-1]

    yield make
    for url in urls:
        kassa_databases.drop(url)


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """The URL of an empty database, dropped after the test."""
    return new_database()


@pytest.fixture
def make_engine(database_kind: Kind, kassa_databases: Databases) -> Iterator[MakeEngine]:
    """Opens engines with the installed plugins, or with the modules given by name; all are closed after the test."""
    from kassa.kernel import plugins
    from kassa.kernel.database import connect
    from kassa.kernel.engine import Engine
    from kassa.kernel.registry import build

    engines: list[Engine] = []
    urls: list[str] = []

    def make(*, modules: Mapping[str, Any] | None = None, clock: Clock | None = None, url: str | None = None) -> Engine:
        blocked = filter(None, os.environ.get("KASSA_BLOCK_PLUGINS", "").split(","))
        registry = build(modules if modules is not None else plugins.load(plugins.discover(blocked)))
        if url is None:
            url = kassa_databases.with_tables(database_kind, registry)
            urls.append(url)
        engines.append(Engine(connect(url, durable=False), registry, clock))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()
    for url in urls:
        kassa_databases.drop(url)


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """An engine on a fresh database with the installed plugins."""
    return make_engine()


@pytest.fixture
def shop(make_engine: MakeEngine) -> Shop:
    """A shop with goods, customers and stock (see `kassa.testing.builders.furnish`), on Saturday 21 November 2026, 10:00 there."""
    from kassa.kernel.clock import FixedClock
    from kassa.testing.builders import build_shop, furnish

    return furnish(build_shop(make_engine(clock=FixedClock("2026-11-21T09:00:00Z"))))
