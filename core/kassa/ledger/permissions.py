"""Permissions of the ledger and the roles that hold them."""

from __future__ import annotations

from kassa.kernel.contributions import Permission, Role

PERMISSIONS = (
    Permission(name="ledger.read", summary="See accounts, vouchers, balances and reports."),
    Permission(name="ledger.read_open_items", summary="See what customers owe and are owed."),
    Permission(name="ledger.set_up", summary="Create and change accounts, assign roles, create periods."),
    Permission(name="ledger.close_period", summary="Close periods, and open them again."),
    Permission(name="ledger.settle", summary="Settle open items by hand, and undo it."),
    Permission(name="ledger.post_journal", summary="Post general journals."),
    Permission(name="ledger.reverse", summary="Reverse vouchers."),
    Permission(name="ledger.enter_rates", summary="Enter exchange rates."),
)
ROLES = (
    Role(
        name="ledger.accountant",
        role="accountant",
        summary="Keeps the books.",
        permissions=tuple(permission.name for permission in PERMISSIONS),
    ),
    Role(
        name="ledger.store_manager",
        role="store_manager",
        summary="Sees the books, settles open items.",
        permissions=("ledger.read", "ledger.read_open_items", "ledger.settle"),
    ),
    Role(
        name="ledger.returns_clerk", role="returns_clerk", summary="Sees what customers are owed.", permissions=("ledger.read_open_items",)
    ),
    Role(
        name="ledger.payables",
        role="payables",
        summary="Sees the books and what is owed.",
        permissions=("ledger.read", "ledger.read_open_items"),
    ),
    Role(name="ledger.cashier", role="cashier", summary="Sees what customers owe.", permissions=("ledger.read_open_items",)),
    Role(
        name="ledger.integrator",
        role="integrator",
        summary="Sets the books up.",
        permissions=("ledger.read", "ledger.read_open_items", "ledger.set_up", "ledger.enter_rates"),
    ),
)
