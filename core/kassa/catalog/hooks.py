"""Catalogue: products with barcodes, categories, releases, dated prices, tax codes, and the text index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.catalog.errors import CODES
from kassa.catalog.invariants import INVARIANTS
from kassa.catalog.models import TABLES
from kassa.catalog.operations import OPERATIONS
from kassa.catalog.permissions import PERMISSIONS, ROLES
from kassa.catalog.searching import RELEASED
from kassa.catalog.settings import SETTINGS
from kassa.kernel.contributions import Storage
from kassa.kernel.plugins import hookimpl


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables of the catalogue and what must hold in them."""
    return [Storage(name="catalog", tables=TABLES), *INVARIANTS]


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute settings, permissions, roles and error codes."""
    return [*SETTINGS, *PERMISSIONS, *ROLES, *CODES]


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute the verbs of the catalogue, and where products are searched."""
    return [*OPERATIONS, RELEASED]
