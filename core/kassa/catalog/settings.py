"""Settings of the catalogue."""

from __future__ import annotations

from kassa.kernel.contributions import SettingDefinition

SETTINGS = (
    SettingDefinition(
        name="catalog.tax_rounding",
        summary="Whether tax is rounded for each line, or for each tax code of a whole document and then allocated to its lines",
        type="choice",
        choices=("line", "document"),
        default="line",
        levels=("installation", "legal_entity", "profile", "store"),
    ),
    SettingDefinition(
        name="catalog.search_scope",
        summary="The search scope that counts where a search names none",
        type="text",
        default="released",
        levels=("installation", "legal_entity", "profile", "store"),
    ),
)
