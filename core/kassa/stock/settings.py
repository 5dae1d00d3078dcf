"""Settings of stock."""

from __future__ import annotations

from kassa.kernel.contributions import SettingDefinition

SETTINGS = (
    SettingDefinition(
        name="stock.negative_stock",
        summary="What happens when more is sold than the system knows of: refuse, warn, or allow.",
        type="choice",
        choices=("refuse", "warn", "allow"),
        default="refuse",
        levels=("installation", "legal_entity", "store"),
    ),
    SettingDefinition(
        name="stock.post_packing_slip_in_ledger",
        summary="Packing slips also book, for products whose item model group posts physical stock.",
        type="bool",
        default=False,
        levels=("installation", "legal_entity"),
    ),
)
