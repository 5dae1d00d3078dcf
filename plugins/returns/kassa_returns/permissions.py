"""Permissions of returns and the roles that hold them."""

from __future__ import annotations

from kassa import Permission, Role

PERMISSIONS = (
    Permission(name="returns.read", summary="See return orders, codes, arrivals and quarantine orders."),
    Permission(name="returns.change_codes", summary="Set reason codes and disposition codes up."),
    Permission(name="returns.create", summary="Create, change, cancel and delete return orders."),
    Permission(name="returns.receive", summary="Register goods that came back."),
    Permission(name="returns.inspect", summary="Decide about goods in quarantine."),
    Permission(name="returns.receive_late", summary="Let goods in after the deadline of their return."),
    Permission(name="returns.without_receipt", summary="Take goods back without the invoice of their sale."),
    Permission(name="returns.exceed_cap", summary="Take more back without a receipt than a customer may return in a period."),
    Permission(name="returns.import", summary="Load returns of another system, with their prices and dates."),
    Permission(name="returns.report", summary="See the reports of returns."),
)
DESK = ("returns.read", "returns.create", "returns.receive", "returns.inspect")
MANAGER = ("returns.receive_late", "returns.without_receipt", "returns.exceed_cap", "returns.report")
ROLES = (
    Role(name="returns.cashier", role="cashier", summary="Takes goods back by their invoice.", permissions=DESK),
    Role(name="returns.store_manager", role="store_manager", summary="Takes goods back.", permissions=(*DESK, *MANAGER)),
    Role(
        name="returns.accountant", role="accountant", summary="Looks returns over, and sets their codes up.",
        permissions=("returns.read", "returns.report", "returns.change_codes"),
    ),
    Role(
        name="returns.integrator", role="integrator", summary="Sets returns up.",
        permissions=(*DESK, *MANAGER, "returns.change_codes", "returns.import"),
    ),
)  # fmt: skip
