"""Permissions of payments and the roles that hold them."""

from __future__ import annotations

from kassa.kernel.contributions import Permission, Role

PERMISSIONS = (
    Permission(name="payments.take", summary="Take a payment of a customer."),
    Permission(name="payments.read", summary="See payments."),
)
ROLES = (
    Role(name="payments.cashier", role="cashier", summary="Takes payments.", permissions=("payments.take", "payments.read")),
    Role(name="payments.store_manager", role="store_manager", summary="Takes payments.", permissions=("payments.take", "payments.read")),
    Role(name="payments.returns_clerk", role="returns_clerk", summary="Sees payments.", permissions=("payments.read",)),
    Role(name="payments.payables", role="payables", summary="Sees payments.", permissions=("payments.read",)),
    Role(name="payments.accountant", role="accountant", summary="Takes payments.", permissions=("payments.take", "payments.read")),
    Role(name="payments.integrator", role="integrator", summary="Loads payments.", permissions=("payments.take", "payments.read")),
)
