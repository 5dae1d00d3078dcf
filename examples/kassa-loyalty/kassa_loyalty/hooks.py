"""Points for customers."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kassa import Balance, Rule, Storage, hookimpl
from kassa_loyalty import __version__ as __version__
from kassa_loyalty.models import AccountRow
from kassa_loyalty.operations import OPERATIONS
from kassa_loyalty.permissions import PERMISSIONS, ROLES
from kassa_loyalty.rules import BALANCE, earn
from kassa_loyalty.settings import SETTINGS

MIGRATIONS = Path(__file__).parent / "migrations"


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the table and the counter of points."""
    return [
        Storage(name="loyalty", tables=(AccountRow,), migrations=MIGRATIONS),
        Balance(name=BALANCE, table=AccountRow, key=("customer_id",), amounts=("points",), rank=70, summary="Points of a customer"),
    ]


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute the setting, the permission and who holds it."""
    return [*SETTINGS, *PERMISSIONS, *ROLES]


@hookimpl
def register_rules() -> Iterable[Any]:
    """Contribute points for invoices."""
    summary = "The customer gets points; a credit note takes them back."
    return [Rule(name="loyalty.earn", kind="invoice", transition="post", stage="derived", run=earn, summary=summary)]


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute looking at points."""
    return OPERATIONS
