"""Parties: the customers that a legal entity trades with, and their addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.contributions import Storage
from kassa.kernel.plugins import hookimpl
from kassa.parties.errors import CODES
from kassa.parties.models import TABLES
from kassa.parties.operations import OPERATIONS
from kassa.parties.permissions import PERMISSIONS, ROLES


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables of the parties."""
    return [Storage(name="parties", tables=TABLES)]


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute permissions, roles and error codes."""
    return [*PERMISSIONS, *ROLES, *CODES]


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute the verbs of the parties."""
    return OPERATIONS
