"""Permissions of payables and the roles that hold them: who enters invoices does not pay them."""

from __future__ import annotations

from kassa.kernel.contributions import Permission, Role

PERMISSIONS = (
    Permission(name="payables.read", summary="See vendor invoices, payments and what vendors are owed."),
    Permission(name="payables.post_invoice", summary="Post vendor invoices and vendor credit notes."),
    Permission(name="payables.hold_invoice", summary="Hold vendor invoices, and release them for payment."),
    Permission(name="payables.propose", summary="Make payment proposals."),
    Permission(name="payables.pay_vendor", summary="Pay vendors, and fetch the files for the bank."),
    Permission(name="payables.confirm_payment", summary="Tell what the bank did with payments."),
    Permission(name="payables.transfer_balance", summary="Move what customers are owed to their vendor accounts."),
    Permission(name="payables.set_up", summary="Create and change the bank accounts from which vendors are paid."),
)
ROLES = (
    Role(
        name="payables.accountant",
        role="accountant",
        summary="Releases, pays and confirms.",
        permissions=tuple(permission.name for permission in PERMISSIONS),
    ),
    Role(
        name="payables.clerk",
        role="payables_clerk",
        summary="Enters vendor invoices and proposes payments.",
        permissions=("payables.read", "payables.post_invoice", "payables.propose", "ledger.read", "ledger.read_open_items"),
    ),
    Role(name="payables.integrator", role="integrator", summary="Sets bank accounts up.", permissions=("payables.read", "payables.set_up")),
)
