"""Permissions of sales and the roles that hold them."""

from __future__ import annotations

from kassa.kernel.contributions import Permission, Role

PERMISSIONS = (
    Permission(name="sales.sell", summary="Sell cash-and-carry."),
    Permission(name="sales.create_order", summary="Create orders."),
    Permission(name="sales.read", summary="See orders, packing slips and invoices."),
    Permission(name="sales.post_packing_slip", summary="Post packing slips."),
    Permission(name="sales.post_invoice", summary="Post invoices and credit notes."),
    Permission(name="sales.override_price", summary="Set prices by hand."),
    Permission(name="sales.import", summary="Load sales of another system, with their prices and dates."),
)
TILL = ("sales.sell", "sales.create_order", "sales.read", "sales.post_packing_slip")
ROLES = (
    Role(name="sales.cashier", role="cashier", summary="Sells.", permissions=TILL),
    Role(
        name="sales.store_manager",
        role="store_manager",
        summary="Sells, invoices, sets prices.",
        permissions=(*TILL, "sales.post_invoice", "sales.override_price"),
    ),
    Role(name="sales.accountant", role="accountant", summary="Invoices.", permissions=("sales.read", "sales.post_invoice")),
    Role(
        name="sales.integrator",
        role="integrator",
        summary="Loads orders and sales.",
        permissions=(*TILL, "sales.post_invoice", "sales.override_price", "sales.import"),
    ),
)
