"""Who may look at points."""

from kassa import Permission, Role

PERMISSIONS = (Permission(name="loyalty.read", summary="See the points of customers"),)
ROLES = (
    Role(name="loyalty.cashier", role="cashier", summary="Tells customers their points", permissions=("loyalty.read",)),
    Role(name="loyalty.store_manager", role="store_manager", summary="Sees points", permissions=("loyalty.read",)),
)
