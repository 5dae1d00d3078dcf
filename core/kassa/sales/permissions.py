"""Permissions of sales and the roles that hold them."""

from __future__ import annotations

from kassa.kernel.contributions import Permission, Role

PERMISSIONS = (
    Permission(name="sales.sell", summary="Sell cash-and-carry."),
    Permission(name="sales.create_order", summary="Create orders."),
    Permission(name="sales.read", summary="See orders, packing slips and invoices."),
    Permission(name="sales.post_packing_slip", summary="Post packing slips."),
    Permission(name="sales.post_invoice", summary="Post invoices and credit notes."),
    Permission(name="sales.edit_posting", summary="Change charges and the correction of an invoice when it is posted."),
    Permission(name="sales.edit_return_cost", summary="Give the cost of goods that come back without their sale."),
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
        permissions=(*TILL, "sales.post_invoice", "sales.edit_posting", "sales.override_price", "sales.edit_return_cost"),
    ),
    Role(name="sales.accountant", role="accountant", summary="Invoices.", permissions=("sales.read", "sales.post_invoice", "sales.edit_posting")),
    Role(
        name="sales.integrator",
        role="integrator",
        summary="Loads orders and sales.",
        permissions=(*TILL, "sales.post_invoice", "sales.edit_posting", "sales.override_price", "sales.edit_return_cost", "sales.import"),
    ),
)
