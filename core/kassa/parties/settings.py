"""Settings of the parties."""

from __future__ import annotations

from kassa.kernel.contributions import SettingDefinition

SETTINGS = (
    SettingDefinition(
        name="parties.one_time_vendor_template",
        summary="Number of the vendor from which one-time vendors are made; none where nothing is set",
        type="text",
        default=None,
        levels=("installation", "legal_entity"),
    ),
)
