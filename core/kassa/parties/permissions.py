"""Permissions of the parties and the roles that hold them."""

from __future__ import annotations

from kassa.kernel.contributions import Permission, Role

PERMISSIONS = (
    Permission(name="parties.read", summary="See customers and their addresses"),
    Permission(name="parties.change", summary="Create and change customers and their addresses"),
    Permission(name="parties.block", summary="Block customers and say who gets their invoices"),
    Permission(name="parties.exempt", summary="Say which customers bear no tax on sales"),
    Permission(name="parties.load", summary="Load many customers at once"),
    Permission(name="parties.read_vendor", summary="See vendors, their addresses and bank accounts"),
    Permission(name="parties.change_vendor", summary="Create and change vendors and their bank accounts, and say which customers are vendors"),
    Permission(name="parties.one_time_vendor", summary="Make one-time vendors from a template"),
    Permission(name="parties.hold", summary="Hold payments and invoices of vendors"),
)
READ = ("parties.read",)
CHANGE = ("parties.read", "parties.change")
VENDORS = ("parties.read_vendor", "parties.change_vendor", "parties.one_time_vendor", "parties.hold")
ALL = tuple(permission.name for permission in PERMISSIONS)

ROLES = (
    Role(name="parties.cashier", role="cashier", summary="Takes customers up", permissions=CHANGE),
    Role(name="parties.store_manager", role="store_manager", summary="Keeps the customers of a store", permissions=CHANGE),
    Role(
        name="parties.accountant",
        role="accountant",
        summary="Blocks customers, says who gets their invoices and who bears no tax; keeps the vendors",
        permissions=(*CHANGE, "parties.block", "parties.exempt", *VENDORS),
    ),
    Role(
        name="parties.payables_clerk",
        role="payables_clerk",
        summary="Keeps the vendors",
        permissions=("parties.read", "parties.read_vendor", "parties.change_vendor", "parties.hold"),
    ),
    Role(name="parties.returns_clerk", role="returns_clerk", summary="Sees who brings goods back", permissions=READ),
    Role(name="parties.payables", role="payables", summary="Sees who is paid", permissions=READ),
    Role(name="parties.stock_clerk", role="stock_clerk", summary="Sees where goods go", permissions=READ),
    Role(name="parties.integrator", role="integrator", summary="Loads customers", permissions=ALL),
)
