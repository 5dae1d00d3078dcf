"""Parties: the customers and vendors that a legal entity trades with, their addresses and bank accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.contributions import Storage
from kassa.kernel.plugins import hookimpl
from kassa.parties.errors import CODES
from kassa.parties.invariants import INVARIANTS
from kassa.parties.models import TABLES
from kassa.parties.operations import OPERATIONS
from kassa.parties.permissions import PERMISSIONS, ROLES
from kassa.parties.settings import SETTINGS


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables of the parties and what must hold of them."""
    return [Storage(name="parties", tables=TABLES), *INVARIANTS]


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute settings, permissions, roles and error codes."""
    return [*SETTINGS, *PERMISSIONS, *ROLES, *CODES]


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute the verbs of the parties."""
    return OPERATIONS
