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
    Permission(name="sales.edit_drafts", summary="Make, change and void carts, quotes and edits of orders."),
    Permission(name="sales.change_order", summary="Change confirmed orders: their lines and charges."),
    Permission(name="sales.cancel_order", summary="Cancel orders."),
    Permission(name="sales.take_deposit", summary="Take deposits on orders."),
    Permission(name="sales.refund_deposit", summary="Give deposits back, and transfer them to other orders."),
    Permission(name="sales.forfeit_deposit", summary="Keep deposits as income."),
    Permission(name="sales.override_charge", summary="Change charges that follow from rules."),
    Permission(name="sales.change_charge_codes", summary="Set charge codes up."),
    Permission(name="sales.import", summary="Load sales of another system, with their prices and dates."),
)
TILL = (
    "sales.sell", "sales.create_order", "sales.read", "sales.post_packing_slip", "sales.edit_drafts", "sales.change_order", "sales.take_deposit",
)  # fmt: skip
DEPOSITS = ("sales.refund_deposit", "sales.forfeit_deposit", "sales.cancel_order")
OFFICE = (
    "sales.post_invoice", "sales.edit_posting", "sales.override_price", "sales.edit_return_cost", "sales.override_charge", *DEPOSITS,
)  # fmt: skip
ROLES = (
    Role(name="sales.cashier", role="cashier", summary="Sells.", permissions=TILL),
    Role(
        name="sales.store_manager",
        role="store_manager",
        summary="Sells, invoices, sets prices.",
        permissions=(*TILL, *OFFICE),
    ),
    Role(name="sales.returns_clerk", role="returns_clerk", summary="Sees what was sold.", permissions=("sales.read",)),
    Role(
        name="sales.accountant",
        role="accountant",
        summary="Invoices.",
        permissions=("sales.read", "sales.post_invoice", "sales.edit_posting", "sales.change_charge_codes", *DEPOSITS),
    ),
    Role(
        name="sales.integrator",
        role="integrator",
        summary="Loads orders and sales.",
        permissions=(*TILL, *OFFICE, "sales.import"),
    ),
)
