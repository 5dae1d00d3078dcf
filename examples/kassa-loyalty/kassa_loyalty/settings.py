"""How many points there are for a unit of currency."""

from kassa import SettingDefinition

SETTINGS = (
    SettingDefinition(
        name="loyalty.points_per_unit",
        summary="How many points a customer gets for each whole unit of currency; 0 gives none.",
        type="int",
        default=1,
        minimum=0,
        maximum=100,
    ),
)
