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
    Permission(name="sales.take_deposit", summary="Take deposits on orders."),
    Permission(name="sales.refund_deposit", summary="Give deposits back, and transfer them to other orders."),
    Permission(name="sales.forfeit_deposit", summary="Keep deposits as income."),
    Permission(name="sales.cancel_order", summary="Cancel orders."),
    Permission(name="sales.import", summary="Load sales of another system, with their prices and dates."),
)
TILL = ("sales.sell", "sales.create_order", "sales.read", "sales.post_packing_slip", "sales.take_deposit")
DEPOSITS = ("sales.refund_deposit", "sales.forfeit_deposit", "sales.cancel_order")
ROLES = (
    Role(name="sales.cashier", role="cashier", summary="Sells.", permissions=TILL),
    Role(
        name="sales.store_manager",
        role="store_manager",
        summary="Sells, invoices, sets prices.",
        permissions=(*TILL, *DEPOSITS, "sales.post_invoice", "sales.override_price"),
    ),
    Role(name="sales.accountant", role="accountant", summary="Invoices.", permissions=("sales.read", "sales.post_invoice", *DEPOSITS)),
    Role(
        name="sales.integrator",
        role="integrator",
        summary="Loads orders and sales.",
        permissions=(*TILL, *DEPOSITS, "sales.post_invoice", "sales.override_price", "sales.import"),
    ),
)
